using Reconciler.Cli;

namespace Reconciler.Tests.Cli;

/// <summary>A machine on which all is well.</summary>
internal sealed class FakeDoctorMachine : IDoctorMachine
{
    public string? FindProgram(string name) => $"/bin/{name}";

    public long? FreeBytes(string path) => 1L << 40;

    public string? DirectoryTrouble(string path) => null;

    public string? SecretTrouble(string path) => null;

    public bool? IsClockSynchronized() => true;
}
