using System.Buffers.Binary;
using System.Text;

namespace Reconciler.Adapters.Boot;

/// <summary>Reads the variables that systemd-boot shares with the running system (systemd's Boot Loader Interface).</summary>
internal sealed class EfiVariable(string folder)
{
    private const string Vendor = "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    private const int Attributes = 4;
    private const int Largest = 4096;

    /// <summary>A text; empty when there is none, null when it cannot be read.</summary>
    public string? Text(string name) => Bytes(name) is { } bytes ? Encoding.Unicode.GetString(bytes).TrimEnd('\0') : null;

    /// <summary>A number; 0 when there is none.</summary>
    public ulong Number(string name) => Bytes(name) is { Length: >= 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    private byte[]? Bytes(string name)
    {
        try
        {
            var path = Path.Combine(folder, name + Vendor);
            return !File.Exists(path) ? [] : File.ReadAllBytes(path) is { Length: >= Attributes and <= Largest } bytes ? bytes[Attributes..] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
