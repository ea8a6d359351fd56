using System.Text.Json;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Health;

/// <summary>Reads what a system declares of its own health in <c>etc/reconciler/health.json</c>.</summary>
internal static class DeclarationFile
{
    private const int MostBytes = 1024 * 1024;
    private const int MostErrorsTold = 20;
    private static readonly ReadOnlyMemory<byte> ByteOrderMark = new byte[] { 0xEF, 0xBB, 0xBF };

    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    /// <summary>What it declares; nothing when there is no such file.</summary>
    /// <exception cref="InvalidHealthDeclarationException">It is there and cannot be read, or is not understood.</exception>
    public static HealthDeclaration Read(Toplevel toplevel)
    {
        var path = $"{toplevel.Path}/etc/reconciler/health.json";
        try
        {
            return StoreFile.Resolve(toplevel, "etc/reconciler/health.json") is { } file ? Parse(path, BytesOf(path, file)) : HealthDeclaration.Nothing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidHealthDeclarationException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static byte[] BytesOf(string path, string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var bytes = new byte[MostBytes + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= MostBytes ? bytes[..length] : throw new InvalidHealthDeclarationException($"{path} is larger than 1 MiB.");
    }

    private static HealthDeclaration Parse(string path, ReadOnlyMemory<byte> json)
    {
        var text = json.Span.StartsWith(ByteOrderMark.Span) ? json[ByteOrderMark.Length..] : json;
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            var errors = new List<string>();
            var declaration = HealthCheckJson.ParseDeclaration(document.RootElement, errors);
            return errors.Count == 0 ? declaration : throw new InvalidHealthDeclarationException(Told(path, errors));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Invalid UTF-8 inside a string shows only when the string is read, and then as an InvalidOperationException.
            throw new InvalidHealthDeclarationException($"{path} is not JSON: {OneLine.Of(e.Message)}", e);
        }
    }

    private static string Told(string path, List<string> errors)
    {
        var told = string.Join("; ", errors.Take(MostErrorsTold).Select(error => OneLine.Of(error)));
        var more = errors.Count > MostErrorsTold ? $"; and {errors.Count - MostErrorsTold} more" : "";
        return $"{path} is not understood: {told}{more}";
    }
}
