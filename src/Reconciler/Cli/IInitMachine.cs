namespace Reconciler.Cli;

/// <summary>What <c>init</c> asks the machine.</summary>
internal interface IInitMachine
{
    /// <summary>The text of a file; null when it is not there, may not be read, or is larger than 1 MiB.</summary>
    string? Read(string path);

    /// <summary>What <c>nixos-generate-config</c> finds this machine to be; null when it is not there or fails.</summary>
    Task<string?> ShowHardwareAsync(CancellationToken cancellationToken);

    /// <summary>Runs git in a folder.</summary>
    Task<GitAnswer> GitAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken);
}

/// <summary>What git said.</summary>
/// <param name="Succeeded">Whether it exited with 0.</param>
/// <param name="Text">Its output when it did; otherwise what happened, in a line.</param>
internal sealed record GitAnswer(bool Succeeded, string Text);
