using System.Net;
using System.Net.Sockets;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>Turns what git, ssh and http say of a remote into cause and cure. Pure.</summary>
internal static class GitTrouble
{
    private const int Longest = 600;

    /// <summary>What an http status means; null for a success.</summary>
    public static GitTipsAnswer.Failed? OfStatus(string address, HttpStatusCode status, GitRemoteSettings remote, bool hadSecret) => (int)status switch
    {
        >= 200 and < 300 => null,
        401 when hadSecret => Lasting($"{address} refused the token (401): put a valid one that may read the repository into {remote.TokenFile ?? "the url"}"),
        401 => Lasting($"{address} asks for a token (401): name a file with one in the remote's token file"),
        403 => Lasting($"{address} refused access (403): the token may lack the right to read the repository, or the server limits requests"),
        404 or 410 => Lasting($"{address} holds no repository ({(int)status}), or hides it from {(hadSecret ? "this token" : "those without a token")}: check the address and the token"),
        429 => Brief($"{address} limits requests (429): it is asked again later"),
        >= 500 => Brief($"{address} is in trouble itself ({(int)status}): it is asked again later"),
        var code => Lasting($"{address} answered {code}, which git does not know"),
    };

    /// <summary>What a request that got no answer means.</summary>
    public static GitTipsAnswer.Failed OfHttp(string address, HttpRequestException e)
    {
        var socket = (e.InnerException as SocketException)?.SocketErrorCode;
        return (e.HttpRequestError, socket) switch
        {
            (HttpRequestError.NameResolutionError, _) or (_, SocketError.HostNotFound or SocketError.TryAgain) => HostNotFound(address),
            (_, SocketError.ConnectionRefused) => Refused(address),
            (_, SocketError.NetworkUnreachable or SocketError.HostUnreachable) => Unreachable(address),
            (HttpRequestError.SecureConnectionError, _) => Certificate(address, e.InnerException?.Message ?? e.Message),
            (HttpRequestError.ProxyTunnelError, _) => Lasting($"{address}: the proxy refused: check https_proxy and no_proxy of the daemon"),
            (HttpRequestError.InvalidResponse, _) => Brief($"{address} does not answer in http: check the address and its port"),
            _ => Brief($"{address} broke the connection: {OneLine.Of(e.Message, 200)}"),
        };
    }

    /// <summary>What a failed call of git on a remote means.</summary>
    public static GitTipsAnswer.Failed OfProgram(GitAddress address, GitRemoteSettings remote, GitOutcome outcome) => outcome switch
    {
        GitOutcome.NotRun n => Lasting(n.Detail),
        GitOutcome.TimedOut t => Lasting(TimedOut(address.Text, t.Limit)),
        GitOutcome.Exited e => OfComplaint(address.Text, remote, e),
        _ => throw new ArgumentException("It did not fail.", nameof(outcome)),
    };

    /// <summary>What to say of a remote that did not answer in time.</summary>
    public static string TimedOut(string address, TimeSpan limit) =>
        $"{address} did not answer within {limit.TotalSeconds:0.#} s: check the network and the server, or raise the remote's timeout";

    /// <summary>What to say of a path that cannot be read.</summary>
    public static GitTipsAnswer.Failed OfPath(string path, Exception e) => e is UnauthorizedAccessException
        ? Lasting($"{path} may not be read by the daemon: check its owner and mode")
        : Brief($"{path} cannot be read: {OneLine.Of(e.Message, 200)}");

    /// <summary>Whether git's complaint points at our own mirror rather than at the remote.</summary>
    public static bool IsAboutMirror(GitOutcome outcome) => outcome is GitOutcome.Exited { Error: var error } && Says(
        error, "packfile", "bad object", "missing blob", "missing tree", "missing commit", "unable to read", "loose object", "cannot lock ref",
        "unable to resolve reference", "object file", "not a git repository: '", "bad config", "packed-refs", "bad revision", "did not send all necessary",
        "unable to write", "invalid sha1 pointer", "inflate", "unable to create temporary file", "unresolved deltas");

    private static GitTipsAnswer.Failed OfComplaint(string address, GitRemoteSettings remote, GitOutcome.Exited e)
    {
        var error = e.Error;
        return
            Says(error, "REMOTE HOST IDENTIFICATION HAS CHANGED")
                ? Lasting($"{address}: the host key is not the known one: if the server really got a new key, replace its line in {KnownHosts(remote)}; if not, someone is in between")
            : Says(error, "Host key verification failed")
                ? Lasting($"{address}: the host key is not known: put the server's line (ssh-keyscan, compared with its fingerprint) into {KnownHosts(remote)}")
            : Says(error, "Load key", "UNPROTECTED PRIVATE KEY")
                ? Lasting($"{address}: ssh cannot use the key {remote.SshKeyFile}: {OneLine.Of(Line(error, "Load key", "UNPROTECTED"), 160)}")
            : Says(error, "Identity file")
                ? Lasting($"{address}: the key file {remote.SshKeyFile} is not there: put the private key of a deploy key there")
            : Says(error, "Permission denied (")
                ? Lasting($"{address}: the server refused the ssh key: register the public half of {remote.SshKeyFile ?? "the daemon's key"} there as a deploy key")
            : Says(error, "cannot run ssh", "ssh: not found", "ssh: No such file") ? Lasting($"{address}: the ssh program is not there: put openssh on the daemon's path")
            : Says(error, "Could not resolve host", "Name or service not known", "Temporary failure in name resolution", "unable to look up", "Unable to look up") ? HostNotFound(address)
            : Says(error, "Connection refused", "Couldn't connect to server") ? Refused(address)
            : Says(error, "No route to host", "Network is unreachable", "Connection timed out", "Operation timed out") ? Unreachable(address)
            : Says(error, "SSL certificate problem", "server certificate verification failed", "SSL_") ? Certificate(address, GitComplaint.Of(error))
            : Says(error, "Authentication failed", "could not read Username", "could not read Password", "error: 401") ? OfStatus(address, HttpStatusCode.Unauthorized, remote, remote.TokenFile is not null)!
            : Says(error, "error: 403") ? OfStatus(address, HttpStatusCode.Forbidden, remote, remote.TokenFile is not null)!
            : Says(error, "error: 429", "error: 5") ? Brief($"{address} is in trouble itself: {GitComplaint.Of(error)}; it is asked again later")
            : Says(error, "No space left on device") ? Lasting($"no space is left for the mirror: free some, or move the state directory ({GitComplaint.Of(error)})")
            : Says(error, "Read-only file system") ? Lasting($"the mirror's file system is read-only: {GitComplaint.Of(error)}")
            : Says(error, "fsck error", "fsckObjects", "error in object", "error in commit", "error in tree", "error in tag") ? Lasting($"{address} holds a malformed object, which is not taken in: {GitComplaint.Of(error)}")
            : Says(error, "does not appear to be a git repository", "Repository not found", "repository not found", "' not found", "does not exist", "access denied or repository not exported")
                ? Lasting($"{address} holds no repository, or hides it from this key or token: check the address")
            : Says(error, "early EOF", "RPC failed", "hung up unexpectedly", "unexpected disconnect", "Connection reset", "Connection closed", "Broken pipe")
                ? Brief($"{address} broke the connection: {GitComplaint.Of(error)}")
            : Lasting($"{address}: git exited with {e.Code}: {GitComplaint.Of(error)}");
    }

    private static GitTipsAnswer.Failed HostNotFound(string address) => Brief($"{address}: host not found: check the address and this machine's DNS");

    private static GitTipsAnswer.Failed Refused(string address) => Brief($"{address}: connection refused: nothing listens there; check the port and the server");

    private static GitTipsAnswer.Failed Unreachable(string address) => Brief($"{address} cannot be reached: check this machine's network and the firewalls between");

    private static GitTipsAnswer.Failed Certificate(string address, string why) =>
        Lasting($"{address}: its TLS certificate is not trusted, or TLS failed: {OneLine.Of(why, 200)}; check the certificate and this machine's clock");

    private static string KnownHosts(GitRemoteSettings remote) => remote.KnownHostsFile ?? "the known-hosts file";

    private static string Line(string text, params ReadOnlySpan<string> marks)
    {
        foreach (var line in text.Split('\n'))
        {
            if (Says(line, marks))
            {
                return line.Trim();
            }
        }

        return "";
    }

    private static bool Says(string text, params ReadOnlySpan<string> marks)
    {
        foreach (var mark in marks)
        {
            if (text.Contains(mark, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static GitTipsAnswer.Failed Lasting(string text) => new(Bounded(text), IsTransient: false);

    private static GitTipsAnswer.Failed Brief(string text) => new(Bounded(text), IsTransient: true);

    private static string Bounded(string text) => OneLine.Of(text, Longest);
}
