using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>Every command line of this adapter, as values.</summary>
internal static class BootCommands
{
    private const string Login = "org.freedesktop.login1";
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(30);

    /// <summary>A program in a unit of its own, with its output and exit code: from the daemon's, neither the boot file system nor the firmware can be written.</summary>
    /// <param name="settings">Whether systemd runs; where it does not, the program is run as it is.</param>
    /// <param name="request">The program.</param>
    public static ProcessRequest Outside(BootSettings settings, ProcessRequest request) => !Directory.Exists(settings.SystemdDirectory)
        ? request
        : request with
        {
            Program = "systemd-run",
            Arguments =
            [
                "--quiet", "--no-ask-password", "--collect", "--wait", "--pipe", "--service-type=exec",
                "--setenv=PATH=" + Environment.GetEnvironmentVariable("PATH"), "--", request.Program, .. request.Arguments,
            ],
        };

    /// <summary>Makes a system the current generation of a profile.</summary>
    public static ProcessRequest SetProfile(string profile, Toplevel toplevel) =>
        ProcessRequest.Of("nix-env", "--profile", profile, "--set", toplevel.Path) with
        {
            Timeout = TimeSpan.FromMinutes(5),
            Environment = ImmutableDictionary<string, string?>.Empty.Add("HOME", "/root").Add("NO_COLOR", "1"),
        };

    /// <summary>Asks where systemd-boot finds its entries.</summary>
    public static ProcessRequest BootPath() => ProcessRequest.Of("bootctl", "--print-boot-path") with { Timeout = Short };

    /// <summary>Asks where systemd-boot finds its configuration.</summary>
    public static ProcessRequest EspPath() => ProcessRequest.Of("bootctl", "--print-esp-path") with { Timeout = Short };

    /// <summary>Has systemd-boot boot an entry once; no entry when the id is empty.</summary>
    public static ProcessRequest SetOneShot(string id) => ProcessRequest.Of("bootctl", "set-oneshot", id) with { Timeout = Short };

    /// <summary>Has GRUB boot an entry once.</summary>
    /// <param name="program"><c>grub-reboot</c>.</param>
    /// <param name="bootDirectory">The folder that holds <c>grub</c>.</param>
    /// <param name="entry">Titles or places, outermost first, with <c>></c> between them.</param>
    public static ProcessRequest GrubReboot(string program, string bootDirectory, string entry) =>
        ProcessRequest.Of(program, "--boot-directory=" + bootDirectory, entry) with { Timeout = Short };

    /// <summary>Lists what GRUB remembers.</summary>
    /// <param name="program"><c>grub-editenv</c>.</param>
    /// <param name="file">GRUB's <c>grubenv</c>.</param>
    public static ProcessRequest GrubRemembers(string program, string file) => ProcessRequest.Of(program, file, "list") with { Timeout = Short };

    /// <summary>Has GRUB forget what it was to boot once.</summary>
    public static ProcessRequest GrubForgets(string program, string file) => ProcessRequest.Of(program, file, "unset", "next_entry") with { Timeout = Short };

    /// <summary>Asks logind who asks for what not to happen.</summary>
    public static ProcessRequest ListInhibitors() => AskLogin("ListInhibitors");

    /// <summary>Asks logind who is logged in.</summary>
    public static ProcessRequest ListSessions() => AskLogin("ListSessions");

    /// <summary>Asks what kind of session each of these is.</summary>
    public static ProcessRequest ShowSessions(IEnumerable<string> ids) =>
        ProcessRequest.Of("loginctl", ["show-session", "--property=Name", "--property=Class", .. ids]) with { Timeout = Short };

    /// <summary>Writes to every terminal.</summary>
    public static ProcessRequest Wall(string program, string message) => ProcessRequest.Of(program, message) with { Timeout = Short };

    /// <summary>Reboots. Without a terminal systemctl itself asks nobody; logind, from systemd 257 on, hears inhibitors also for root.</summary>
    public static ProcessRequest Reboot(bool respectInhibitors) =>
        ProcessRequest.Of("systemctl", respectInhibitors ? ["reboot"] : ["reboot", "--check-inhibitors=no"]) with { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Asks whether the machine is going down.</summary>
    public static ProcessRequest IsRunning() => ProcessRequest.Of("systemctl", "is-system-running") with { Timeout = Short };

    /// <summary>The end of the journal of the boot before this one, an object a line.</summary>
    public static ProcessRequest JournalOfLastBoot() =>
        ProcessRequest.Of("journalctl", "--boot=-1", "--lines=60", "--output=json", "--output-fields=MESSAGE,SYSLOG_IDENTIFIER,_BOOT_ID", "--no-pager", "--quiet") with
        {
            Timeout = Short,
        };

    private static ProcessRequest AskLogin(string method) =>
        ProcessRequest.Of("busctl", "--json=short", "call", Login, "/org/freedesktop/login1", Login + ".Manager", method) with { Timeout = Short };
}
