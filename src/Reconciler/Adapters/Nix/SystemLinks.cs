using Reconciler.Model;

namespace Reconciler.Adapters.Nix;

/// <summary>Reads what runs, boots and was booted from links alone.</summary>
internal sealed class SystemLinks(NixHostSettings settings)
{
    /// <summary>What the links say now.</summary>
    public HostState Read() =>
        new(Follow(settings.RunningSystem), Follow(settings.BootedSystem), Follow(settings.Profile), BootId());

    private Toplevel? Follow(string link) => Toplevel.TryParse(Links.FollowInto(settings.StoreDirectory, link), out var toplevel) ? toplevel : null;

    private string BootId()
    {
        try
        {
            return PlainText.Line(File.ReadAllText(settings.BootIdFile), 64);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
