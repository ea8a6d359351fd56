namespace Reconciler.Configuration;

/// <summary>Section <c>control</c>.</summary>
/// <param name="Socket">Absolute path of the Unix socket.</param>
/// <param name="Group">Group that may use it besides root; null when only root may.</param>
internal sealed record ControlSettings(string Socket, string? Group)
{
    /// <summary>Where the socket is unless the configuration says otherwise.</summary>
    public const string DefaultSocket = "/run/reconciler/control.sock";

    /// <summary>The group that may use the socket unless the configuration says otherwise.</summary>
    public const string DefaultGroup = "reconciler";


    /// <summary>Reads the section.</summary>
    public static ControlSettings Read(SettingsReader reader)
    {
        var socket = reader.AbsolutePath("socket", DefaultSocket);
        if (socket.Length > 107)
        {
            // sockaddr_un has room for 108 bytes with the closing zero.
            reader.Fail("socket", "must be at most 107 characters long, which is what Unix sockets allow");
        }

        var group = reader.IsNull("group") ? null : reader.Text("group", DefaultGroup, IsGroup, "must be the name of a group, or null for root only");
        reader.Finish();
        return new ControlSettings(socket, group);
    }

    private static bool IsGroup(string name) =>
        name.Length <= 32 && name[0] is not '-' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
