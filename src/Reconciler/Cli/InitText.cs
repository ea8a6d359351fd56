namespace Reconciler.Cli;

/// <summary>What <c>init</c> says when it has made a repository. Pure.</summary>
internal static class InitText
{
    private static readonly string[] Programs = ["git ", "nix ", "sudo ", "reconciler "];

    /// <summary>The page.</summary>
    public static Page Of(InitDocument made)
    {
        var page = new Page();
        page.Line($"{Plain.Line(made.Folder)} is a repository for {made.Host}, with a first commit {StatusText.Short(made.Commit)}.", Ink.Good);
        page.Wrapped(
            made.Hardware switch
            {
                "copied" => "The hardware configuration is the one of /etc/nixos.",
                "generated" => "The hardware configuration is what nixos-generate-config finds this machine to be.",
                _ => "No hardware configuration was found: make one on the host, with nixos-generate-config --show-hardware-config.",
            },
            0,
            made.Hardware == "missing" ? Ink.Warn : Ink.None);
        page.Line().Line("What comes next", Ink.Bold);
        foreach (var (index, step) in made.Next.Index())
        {
            var (say, command) = Parted(step);
            page.Wrapped($"{index + 1}. {say}", 2, hang: 3);
            if (command is not null)
            {
                page.Line($"       {Plain.Line(command)}", Ink.Bold);
            }
        }

        return page;
    }

    // A command stands on a line of its own, whole, so that it can be copied.
    private static (string Say, string? Command) Parted(string step) => step.LastIndexOf(": ", StringComparison.Ordinal) is var at and > 0
        && Programs.Any(program => step.AsSpan(at + 2).StartsWith(program, StringComparison.Ordinal))
            ? (step[..(at + 1)], step[(at + 2)..])
            : (step, null);

    /// <summary>The steps from here to a host that follows the repository.</summary>
    public static IEnumerable<string> Next(string folder, NewRepository repository)
    {
        var (host, place) = repository.IsPlain ? ("configuration.nix", "reconciler.nix") : ($"hosts/{repository.Host}/configuration.nix", "modules/reconciler.nix");
        yield return $"Take over into {host} what /etc/nixos/configuration.nix says: boot loader, users and their SSH keys, network. Without them you may lock yourself out.";
        if (repository.Url is null)
        {
            yield return $"Set the repository's address in {place}, and tell git: git remote add origin <address>";
        }

        if (!repository.IsPlain)
        {
            yield return "Fix what it is built with: nix flake lock";
        }

        yield return "Commit and push: git add --all && git commit -m 'Take over what the host has' && git push -u origin main";
        yield return repository.IsPlain
            ? $"Once, on the host: sudo nixos-rebuild switch --no-flake -I nixos-config={folder}/configuration.nix"
            : $"Once, on the host: sudo nixos-rebuild switch --flake {folder}#{repository.Host}";
        yield return "From then on, git push is enough. Look on with: reconciler status --watch";
    }
}
