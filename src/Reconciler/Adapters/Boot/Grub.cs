using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>GRUB: an entry is chosen for one boot by <c>next_entry</c> in its environment block, which its menu empties before it boots.</summary>
/// <param name="settings">Where it is.</param>
/// <param name="runner">Runs its tools.</param>
/// <param name="programs">Finds a program of the host.</param>
/// <param name="checksDisk">Whether to look if GRUB can write where it is; not when an operator vouches for it.</param>
internal sealed class Grub(BootSettings settings, IProcessRunner runner, Func<string, string> programs, bool checksDisk) : IBootLoader
{
    private const string NextEntry = "next_entry=";
    private readonly string _folder = Path.Combine(settings.BootDirectory, "grub");

    /// <inheritdoc/>
    public string Name => "GRUB";

    /// <summary>Whether its menu is there.</summary>
    public bool IsHere => File.Exists(MenuFile);

    private string MenuFile => Path.Combine(_folder, "grub.cfg");

    private string EnvironmentFile => Path.Combine(_folder, "grubenv");

    /// <inheritdoc/>
    public Task<MenuLook> LookAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken) => Task.FromResult(Look(toplevel, boots));

    /// <inheritdoc/>
    public async Task<string?> ChooseAsync(string entry, CancellationToken cancellationToken) =>
        Trouble(await runner.RunAsync(BootCommands.Outside(settings, BootCommands.GrubReboot(programs("grub-reboot"), settings.BootDirectory, entry)), cancellationToken), "grub-reboot");

    /// <inheritdoc/>
    public async Task<string?> ChosenAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(EnvironmentFile))
        {
            return "";
        }

        var outcome = await runner.RunAsync(BootCommands.GrubRemembers(programs("grub-editenv"), EnvironmentFile), cancellationToken);
        return outcome is ProcessOutcome.Exited { Succeeded: true, Output: var output }
            ? output.Split('\n').LastOrDefault(line => line.StartsWith(NextEntry, StringComparison.Ordinal))?[NextEntry.Length..] ?? ""
            : null;
    }

    /// <inheritdoc/>
    public async Task<string?> ForgetAsync(CancellationToken cancellationToken) => File.Exists(EnvironmentFile)
        ? Trouble(await runner.RunAsync(BootCommands.Outside(settings, BootCommands.GrubForgets(programs("grub-editenv"), EnvironmentFile)), cancellationToken), "grub-editenv")
        : null;

    private MenuLook Look(Toplevel toplevel, Toplevel boots)
    {
        if (checksDisk && GrubDisk.Trouble(settings, _folder) is { } unwritable)
        {
            return new MenuLook.Unfit(unwritable);
        }

        if (BootText.File(MenuFile) is not { } text)
        {
            return new MenuLook.Unfit($"{MenuFile} cannot be read");
        }

        var menu = GrubMenu.Parse(text);
        return menu switch
        {
            { BootsOnce: false } => new MenuLook.Unfit($"{MenuFile} does not forget an entry that was chosen for one boot (next_entry)"),
            _ when !menu.DefaultBoots(boots) => new MenuLook.Unfit($"GRUB's default '{BootText.Line(menu.Default ?? "", 60)}' does not boot {boots.Name}"),
            _ => menu.PathTo(toplevel, $"'{TrialProfile.Name}'", out var isOpen) switch
            {
                null => new MenuLook.Unfit($"GRUB's menu has no entry that boots {toplevel.Name}"),
                _ when !isOpen => new MenuLook.Unfit("GRUB would ask for a password before it boots the entry, and the host would wait for it"),
                var path => new MenuLook.Found(path),
            },
        };
    }

    private static string? Trouble(ProcessOutcome outcome, string program) => outcome.IsSuccess ? null : BootText.Of(outcome, program);
}
