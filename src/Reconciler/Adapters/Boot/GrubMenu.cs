using System.Globalization;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>What a <c>grub.cfg</c> offers. Only what NixOS writes is understood; the rest is passed over.</summary>
internal sealed class GrubMenu
{
    private readonly List<Node> _top = [];

    private GrubMenu() { }

    /// <summary>Whether an entry chosen for one boot is heeded and then forgotten.</summary>
    public bool BootsOnce { get; private set; }

    /// <summary>Whether entries and submenus ask for a password unless they say otherwise.</summary>
    public bool HasPasswords { get; private set; }

    /// <summary>The default when nothing is chosen, as written; null when there is none.</summary>
    public string? Default { get; private set; }

    /// <summary>Reads a menu.</summary>
    public static GrubMenu Parse(string text)
    {
        var menu = new GrubMenu();
        var open = new Stack<Node?>();
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith("menuentry ", StringComparison.Ordinal) || line.StartsWith("submenu ", StringComparison.Ordinal))
            {
                var node = new Node(TitleOf(line), line.Contains(" --unrestricted", StringComparison.Ordinal), line[0] == 's');
                (open.FirstOrDefault(outer => outer is not null)?.Inner ?? menu._top).Add(node);
                open.Push(node);
            }
            else if (line == "}")
            {
                open.TryPop(out _);
            }
            else if (line.EndsWith('{'))
            {
                open.Push(null);
            }
            else
            {
                menu.Read(line, open.TryPeek(out var current) ? current : null);
            }
        }

        return menu;
    }

    /// <summary>How GRUB is told of the entry that boots a system: the title of a submenu, then places in it. Null when there is none it would find.</summary>
    /// <remarks>
    /// Places, since GRUB cannot be told of a title that begins with <c>></c>, as those of systems with specialisations do. A title for the
    /// outermost: what stands before it may be there only under conditions.
    /// </remarks>
    /// <param name="toplevel">The system.</param>
    /// <param name="submenu">The title of the outermost submenu must hold this.</param>
    /// <param name="isOpen">Whether no password is asked for on the way.</param>
    public string? PathTo(Toplevel toplevel, string submenu, out bool isOpen)
    {
        foreach (var top in _top.Where(top => top.IsSubmenu && top.Title.Contains(submenu, StringComparison.Ordinal)))
        {
            if (_top.First(other => other.Title == top.Title) == top && Find(top, toplevel) is { } path)
            {
                isOpen = !HasPasswords || (top.IsUnrestricted && path.All(step => step.Node.IsUnrestricted));
                return string.Join('>', path.Select(step => step.Place.ToString(CultureInfo.InvariantCulture)).Prepend(top.Title));
            }
        }

        isOpen = false;
        return null;
    }

    /// <summary>Whether the default boots a system.</summary>
    public bool DefaultBoots(Toplevel toplevel) =>
        (int.TryParse(Default, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? _top.ElementAtOrDefault(number) : _top.Find(node => node.Title == Default))
            is { IsSubmenu: false } node && BootText.Starts(node.CommandLine, toplevel);

    private void Read(string line, Node? current)
    {
        if (line.StartsWith("linux ", StringComparison.Ordinal) && current is not null)
        {
            current.CommandLine = line;
        }
        else if (line.StartsWith("set superusers=", StringComparison.Ordinal))
        {
            HasPasswords |= line["set superusers=".Length..].Trim('"', '\'', ' ').Length > 0;
        }
        else if (line.StartsWith("save_env next_entry", StringComparison.Ordinal))
        {
            BootsOnce = true;
        }
        else if (line.StartsWith("set default=", StringComparison.Ordinal) && !line.Contains("next_entry", StringComparison.Ordinal))
        {
            Default = line["set default=".Length..].Trim('"', '\'', ' ');
        }
    }

    private static List<(Node Node, int Place)>? Find(Node submenu, Toplevel toplevel)
    {
        foreach (var (place, node) in submenu.Inner.Index())
        {
            if (!node.IsSubmenu && BootText.Starts(node.CommandLine, toplevel))
            {
                return [(node, place)];
            }

            if (node.IsSubmenu && Find(node, toplevel) is { } further)
            {
                return [(node, place), .. further];
            }
        }

        return null;
    }

    private static string TitleOf(string line)
    {
        var begin = line.IndexOfAny(['"', '\'']);
        var end = begin < 0 ? -1 : line.IndexOf(line[begin], begin + 1);
        return end < 0 ? "" : line[(begin + 1)..end];
    }

    private sealed record Node(string Title, bool IsUnrestricted, bool IsSubmenu)
    {
        public List<Node> Inner { get; } = [];

        public string CommandLine { get; set; } = "";
    }
}
