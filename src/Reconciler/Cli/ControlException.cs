namespace Reconciler.Cli;

/// <summary>A command cannot go on: the daemon gave no answer, or one that is an error.</summary>
internal sealed class ControlException : Exception
{
    public ControlException()
        : this(Cli.ExitCode.Failed, "The command failed.")
    {
    }

    public ControlException(string message)
        : this(Cli.ExitCode.Failed, message)
    {
    }

    public ControlException(string message, Exception innerException)
        : this(Cli.ExitCode.Failed, message, "", innerException)
    {
    }

    /// <summary>An error with its exit code.</summary>
    /// <param name="exitCode">What the program then exits with.</param>
    /// <param name="cause">What happened.</param>
    /// <param name="cure">What to do; empty when the cause says it, or there is nothing to do.</param>
    /// <param name="innerException">Where it came from.</param>
    public ControlException(int exitCode, string cause, string cure = "", Exception? innerException = null)
        : this(new Trouble(exitCode, cause, cure), innerException)
    {
    }

    /// <summary>As above, already put together.</summary>
    public ControlException(Trouble trouble, Exception? innerException = null)
        : base(trouble.Text, innerException) => Trouble = trouble;

    /// <summary>What is said of it.</summary>
    public Trouble Trouble { get; }

    /// <summary>The exit code that belongs to it.</summary>
    public int ExitCode => Trouble.ExitCode;
}
