using System.Collections.Immutable;
using Reconciler.Configuration;

namespace Reconciler.Cli;

/// <summary>Reads configuration files from disk.</summary>
internal static class ConfigurationFile
{
    private const int LargestFile = 1024 * 1024;
    private const string HostNameFile = "/etc/hostname";

    /// <summary>Reads and checks a configuration file. Trouble is an outcome, never an exception.</summary>
    public static ConfigurationOutcome Load(string path) => Load(path, MachineName());

    /// <summary>As above, with the machine's name told.</summary>
    public static ConfigurationOutcome Load(string path, string? machineName)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > LargestFile)
            {
                return Refuse($"{path} is larger than 1 MiB, so it is no configuration file");
            }

            var text = new byte[file.Length];
            file.ReadExactly(text);
            var outcome = ConfigurationParser.Parse(text, machineName);
            return outcome is ConfigurationOutcome.Valid valid ? new ConfigurationOutcome.Valid(valid.Configuration with { Source = path }) : outcome;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse($"there is no file {path}; make one that names at least the repository: {{\"repository\": {{\"url\": \"https://git.example.org/fleet.git\"}}}}");
        }
        catch (UnauthorizedAccessException)
        {
            return Refuse($"{path} may not be read by this user, or is a directory; run as root");
        }
        catch (IOException e)
        {
            return Refuse($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>This machine's name as <c>/etc/hostname</c> has it, without a domain; null when there is none.</summary>
    public static string? MachineName()
    {
        try
        {
            return File.ReadLines(HostNameFile).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#')?.Split('.')[0];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ConfigurationOutcome.Invalid Refuse(string message) => new([new ConfigurationError("$", message)]);
}
