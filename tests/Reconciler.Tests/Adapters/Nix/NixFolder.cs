using System.Collections.Immutable;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>A temporary folder laid out like the parts of a NixOS host this adapter reads, with stand-in programs in <c>bin</c>.</summary>
internal sealed class NixFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    public NixFolder()
    {
        foreach (var folder in new[] { "store", "profiles", "run", "bin", "state", "boot", "gcroots" })
        {
            Directory.CreateDirectory(At(folder));
        }

        File.WriteAllText(At("boot_id"), "0f5a2c9e-boot\n");
    }

    public string Root => _folder.Path;

    public NixHostSettings Settings => new()
    {
        StateDirectory = At("state"),
        Profile = At("profiles/system"),
        RunningSystem = At("run/current-system"),
        BootedSystem = At("run/booted-system"),
        StoreDirectory = At("store"),
        BootDirectory = At("boot"),
        BootIdFile = At("boot_id"),
        GcRootDirectory = At("gcroots/reconciler"),
        SwitchLockFile = At("run/switch.lock"),
        SystemdDirectory = At("run/systemd"),
        ServicesControlGroup = At("services"),
        MinimumStoreFree = 1,
        MinimumBootFree = 1,
        ActivationTimeout = TimeSpan.FromSeconds(30),
    };

    public string At(string path) => _folder.At(path);

    public string Read(string path) => File.Exists(At(path)) ? File.ReadAllText(At(path)) : "";

    /// <summary>A service that runs, as the kernel shows it.</summary>
    public void Service(string unit, int process)
    {
        Directory.CreateDirectory(At($"services/{unit}"));
        File.WriteAllText(At($"services/{unit}/cgroup.events"), "populated 1\nfrozen 0\n");
        File.WriteAllText(At($"services/{unit}/cgroup.procs"), $"{process}\n{process + 1}\n");
    }

    public void UseSystemd() => Directory.CreateDirectory(At("run/systemd"));

    /// <summary>A system in the store whose switch program is this shell script; <c>$LOG</c> names the file of records.</summary>
    public Toplevel System(string name, string script = "exit 0", string parameters = "quiet", string kernel = "k1")
    {
        var path = At($"store/{new string('a', 32)}-{name}");
        Directory.CreateDirectory(path + "/bin");
        File.WriteAllText(path + "/nixos-version", "25.05");
        File.WriteAllText(path + "/kernel-params", parameters);
        foreach (var part in new[] { "kernel", "initrd", "kernel-modules", "systemd" })
        {
            File.Delete($"{path}/{part}");
            File.CreateSymbolicLink($"{path}/{part}", At($"store/{part}-{kernel}"));
        }

        Script(path + "/bin/switch-to-configuration", $"echo switch-to-configuration \"$@\" >> {At("calls")}\n{script}");
        return new Toplevel(path);
    }

    public void Link(string link, string target)
    {
        File.Delete(At(link));
        File.CreateSymbolicLink(At(link), target);
    }

    public void Profile(int current, params (int Number, Toplevel Toplevel)[] generations)
    {
        foreach (var (number, toplevel) in generations)
        {
            Link($"profiles/system-{number}-link", toplevel.Path);
        }

        Link("profiles/system", $"system-{current}-link");
    }

    /// <summary>A stand-in program that records its arguments, then does this.</summary>
    public void Program(string name, string script) => Script(At("bin/" + name), $"echo {name} \"$@\" >> {At("calls")}\n{script}");

    public IReadOnlyList<string> Calls() => Read("calls").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IProcessRunner Runner() => new StandInRunner(At("bin"), new ProcessRunner(TimeProvider.System));

    public void Dispose() => _folder.Dispose();

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private sealed class StandInRunner(string folder, IProcessRunner real) : IProcessRunner
    {
        public Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
        {
            var standIn = Path.Combine(folder, request.Program);
            return request.Program.StartsWith('/') || File.Exists(standIn)
                ? real.RunAsync(request with { Program = standIn }, cancellationToken)
                : Task.FromResult<ProcessOutcome>(new ProcessOutcome.NotStarted($"no stand-in for {request.Program}"));
        }
    }
}

/// <summary>Answers each request from a function, and remembers them.</summary>
internal sealed class ScriptedRunner(Func<ProcessRequest, ProcessOutcome> answer) : IProcessRunner
{
    public List<ProcessRequest> Requests { get; } = [];

    public static ProcessOutcome Exit(int code, string output = "", string error = "") => new ProcessOutcome.Exited(code, output, error, TimeSpan.Zero);

    public Task<ProcessOutcome> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests.Add(request);
        return Task.FromResult(answer(request));
    }
}

internal sealed class MemoryLog : IDeploymentLog
{
    private ImmutableList<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Write(string line) => ImmutableInterlocked.Update(ref _lines, lines => lines.Add(line));

    public void Dispose()
    {
    }
}
