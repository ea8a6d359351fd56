using System.Text;

namespace Reconciler.Adapters.Forge.Http;

/// <summary>Reads the token a forge asks for. It is kept nowhere.</summary>
internal static class ForgeToken
{
    private const int Longest = 16 * 1024;

    /// <summary>Reads it.</summary>
    /// <exception cref="ForgeTroubleException">There is none; says cause and cure.</exception>
    public static string Read(ForgeAccess access)
    {
        if (access.IsInTheClear)
        {
            throw ForgeTroubleException.Later($"{access.Root.Authority} would be sent the token unencrypted: use an https address");
        }

        var token = ReadFile(access.TokenFile);
        var fault = token.Length > Longest ? $"is longer than {Longest} characters: it is no token"
            : token.Length == 0 ? "is empty: write the token there"
            : token.Any(c => c is <= ' ' or > '~') ? "holds blanks, line breaks or characters that are not ASCII: it must hold one token and nothing else"
            : null;
        return fault is null ? token : throw ForgeTroubleException.Later($"the token file {access.TokenFile} {fault}");
    }

    private static string ReadFile(string file)
    {
        try
        {
            using var reader = new StreamReader(file, Encoding.UTF8);
            var buffer = new char[Longest + 256];
            return new string(buffer, 0, reader.ReadBlock(buffer)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var why = e is FileNotFoundException or DirectoryNotFoundException ? "is not there"
                : e is UnauthorizedAccessException ? "may not be read by the daemon" : "cannot be read";
            throw ForgeTroubleException.Later($"the token file {file} {why}: write the token there, readable for the daemon only");
        }
    }
}
