using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>systemd-boot: an entry is chosen for one boot by a variable of the firmware, which the boot loader deletes before it boots.</summary>
internal sealed class SystemdBoot(BootSettings settings, IProcessRunner runner) : IBootLoader
{
    private const ulong BootsOnce = 1 << 3;
    private readonly EfiVariable _variables = new(settings.EfiVariables);

    /// <inheritdoc/>
    public string Name => "systemd-boot";

    /// <summary>Whether it booted this machine.</summary>
    public bool IsHere => _variables.Text("LoaderInfo")?.StartsWith("systemd-boot", StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async Task<MenuLook> LookAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken)
    {
        if ((_variables.Number("LoaderFeatures") & BootsOnce) == 0)
        {
            return new MenuLook.Unfit("this systemd-boot does not say that it can boot an entry once (LoaderFeatures)");
        }

        var entries = SystemdBootEntry.In(Path.Combine(await FolderAsync(BootCommands.BootPath(), cancellationToken), "loader/entries"));
        var found = entries.Where(entry => entry.Boots(toplevel)).OrderByDescending(entry => entry.Id.Contains(TrialProfile.Name, StringComparison.Ordinal)).FirstOrDefault();
        if (found is null)
        {
            return new MenuLook.Unfit($"none of the {entries.Count} entries of systemd-boot boots {toplevel.Name}");
        }

        var file = Path.Combine(await FolderAsync(BootCommands.EspPath(), cancellationToken), "loader/loader.conf");
        return DefaultTrouble(BootText.File(file), entries, boots) is { } trouble ? new MenuLook.Unfit(trouble) : new MenuLook.Found(found.Id);
    }

    /// <inheritdoc/>
    public async Task<string?> ChooseAsync(string entry, CancellationToken cancellationToken) =>
        await runner.RunAsync(BootCommands.Outside(settings, BootCommands.SetOneShot(entry)), cancellationToken) is var outcome && outcome.IsSuccess ? null : BootText.Of(outcome, "bootctl set-oneshot");

    /// <inheritdoc/>
    public Task<string?> ChosenAsync(CancellationToken cancellationToken) => Task.FromResult(_variables.Text("LoaderEntryOneShot"));

    /// <inheritdoc/>
    public Task<string?> ForgetAsync(CancellationToken cancellationToken) => ChooseAsync("", cancellationToken);

    // A default chosen by `bootctl set-default` comes before that of loader.conf.
    private string? DefaultTrouble(string? configuration, IReadOnlyList<SystemdBootEntry> entries, Toplevel boots)
    {
        var chosen = _variables.Text("LoaderEntryDefault") is { Length: > 0 } variable ? variable : DefaultOf(configuration);
        return chosen switch
        {
            null => "loader.conf names no default entry",
            _ when chosen.AsSpan().IndexOfAny("*?[") >= 0 || chosen[0] == '@' => $"the default entry is the pattern '{BootText.Line(chosen, 60)}', which the staged entry may fit",
            _ when !entries.Any(entry => IsNamed(entry, chosen) && entry.Boots(boots)) => $"the default entry '{BootText.Line(chosen, 60)}' does not boot {boots.Name}",
            _ => null,
        };
    }

    private static string? DefaultOf(string? configuration) => configuration?.Split('\n')
        .Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .LastOrDefault(words => words is ["default", _])?[1];

    private static bool IsNamed(SystemdBootEntry entry, string name) => entry.Id == name || entry.Id == name + ".conf";

    private async Task<string> FolderAsync(ProcessRequest question, CancellationToken cancellationToken) =>
        await runner.RunAsync(question, cancellationToken) is ProcessOutcome.Exited { Succeeded: true, Output: var output } && output.Trim() is ['/', _, ..] folder
            ? folder
            : settings.BootDirectory;
}
