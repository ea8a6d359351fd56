using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Reconciler.Adapters.Rim;

/// <summary>Reads files that hold a secret: each time anew, so that a new secret counts at once. No fault holds anything of it.</summary>
internal static class SecretFile
{
    private const int Longest = 16 * 1024;

    /// <summary>Reads all of a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">What it is called in the fault, such as <c>private key file</c>.</param>
    /// <param name="text">What the file holds, without white space around it.</param>
    /// <param name="fault">Cause and cure, when there is nothing to read.</param>
    public static bool TryRead(string file, string what, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        (text, fault) = (null, null);
        try
        {
            using var reader = new StreamReader(file, Encoding.UTF8);
            var buffer = new char[Longest + 1];
            var length = reader.ReadBlock(buffer);
            text = new string(buffer, 0, length).Trim();
            fault = length > Longest ? $"the {what} {file} is longer than {Longest} characters: it is something else"
                : text.Length == 0 ? $"the {what} {file} is empty: write the secret there"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var why = e is FileNotFoundException or DirectoryNotFoundException ? "is not there"
                : e is UnauthorizedAccessException ? "may not be read by the daemon" : "cannot be read";
            fault = $"the {what} {file} {why}: write the secret there, readable for the daemon only";
        }

        text = fault is null ? text : null;
        return text is not null;
    }

    /// <summary>Reads the first line of a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">What it is called in the fault.</param>
    /// <param name="line">The line, without white space around it.</param>
    /// <param name="fault">Cause and cure, when there is none.</param>
    public static bool TryReadLine(string file, string what, [NotNullWhen(true)] out string? line, [NotNullWhen(false)] out string? fault)
    {
        if (!TryRead(file, what, out var text, out fault))
        {
            line = null;
            return false;
        }

        var first = text.Split('\n', 2)[0].TrimEnd();
        fault = first.Any(char.IsControl) ? $"the {what} {file} holds control characters in its first line: write the secret there, and nothing else" : null;
        line = fault is null ? first : null;
        return line is not null;
    }

    /// <summary>Reads a file whose first line is a token, as a header of HTTP takes it.</summary>
    public static bool TryReadToken(string file, [NotNullWhen(true)] out string? token, [NotNullWhen(false)] out string? fault)
    {
        if (TryReadLine(file, "token file", out token, out fault) && token.Any(c => c is <= ' ' or > '~'))
        {
            (token, fault) = (null, $"the token file {file} holds blanks or characters that are not ASCII in its first line: it must be one token and nothing else");
        }

        return token is not null;
    }

    /// <summary>Whether every user of the machine may read the file; false when that cannot be told.</summary>
    public static bool IsOpenToAll(string file)
    {
        try
        {
            return (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
