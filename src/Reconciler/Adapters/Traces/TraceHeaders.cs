using System.Net.Http.Headers;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.Traces;

/// <summary>Reads the headers a collector asks for, such as a token, each time anew. They are secrets: no fault holds anything of them.</summary>
internal static class TraceHeaders
{
    private const int MostHeaders = 16;

    /// <summary>Sets the headers of a file.</summary>
    /// <param name="file">Its path: a <c>Name: value</c> in each line; empty lines and those that begin with # are left out.</param>
    /// <param name="headers">Takes them.</param>
    /// <returns>Cause and cure when they cannot be set; null when all is well.</returns>
    public static string? Set(string file, HttpRequestHeaders headers)
    {
        if (!SecretFile.TryRead(file, "headers file", out var text, out var fault))
        {
            return fault;
        }

        var lines = text.Split('\n').Select((line, index) => (Number: index + 1, Text: line.Trim())).Where(line => line.Text is { Length: > 0 } and not ['#', ..]).ToList();
        if (lines.Count is 0 or > MostHeaders)
        {
            return $"{file} must hold 1 to {MostHeaders} lines such as 'Authorization: Bearer …'";
        }

        foreach (var (number, line) in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line.Any(c => c is < ' ' or > '~') || !TryAdd(headers, line[..colon].Trim(), line[(colon + 1)..].Trim()))
            {
                return $"line {number} of {file} is no header that can be set: write it as 'Authorization: Bearer …', in ASCII";
            }
        }

        return null;
    }

    private static bool TryAdd(HttpRequestHeaders headers, string name, string value)
    {
        if (value.Length == 0 || name.Equals("Host", StringComparison.OrdinalIgnoreCase) || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            headers.Remove(name);
            return headers.TryAddWithoutValidation(name, value);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
