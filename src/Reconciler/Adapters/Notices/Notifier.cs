using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Adapters.Rim;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Notices;

/// <summary>Sends word over HTTP: one request a message, to an address that is encrypted or this machine's own, and nowhere it is redirected to.</summary>
internal sealed partial class Notifier : INotifier, IDisposable
{
    private readonly HostName _host;
    private readonly Dictionary<string, ChannelSettings> _channels;
    private readonly ILogger<Notifier> _logger;
    private readonly OneWayHttp _http;

    /// <summary>Makes it; nothing is sent yet.</summary>
    public Notifier(HostName host, IEnumerable<ChannelSettings> channels, TimeProvider clock, ILogger<Notifier> logger)
    {
        (_host, _logger) = (host, logger);
        _http = new OneWayHttp(clock);
        _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task<ForgeAnswer> SendAsync(ForgeMessage.Notice notice, long number, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!_channels.TryGetValue(notice.Channel, out var channel))
        {
            return new ForgeAnswer.Refused($"there is no channel '{notice.Channel}' in the configuration any more");
        }

        try
        {
            using var request = Request(channel, notice, number, at);
            var words = new OneWayWords("the message", "its address, and at the token or the secret", BrokenConnection.WhyUnnamed, status => LogSent(channel.Name, status));
            return await _http.SendAsync(request, words, cancellationToken);
        }
        catch (ChannelTroubleException e)
        {
            return new ForgeAnswer.Later(e.Message, null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(ChannelSettings channel, ForgeMessage.Notice notice, long number, DateTimeOffset at)
    {
        var address = Address(channel);
        switch (channel.Kind)
        {
            case ChannelKind.Slack:
                return Post(HttpMethod.Post, address, NoticeText.Slack(_host, notice), null);
            case ChannelKind.Matrix:
                // The transaction's name makes a message that is sent once more the same message.
                var path = string.Create(CultureInfo.InvariantCulture, $"_matrix/client/v3/rooms/{Uri.EscapeDataString(channel.Room!)}/send/m.room.message/reconciler-{Uri.EscapeDataString(_host.ToString())}-{number}");
                return Post(HttpMethod.Put, new Uri(WithSlash(address), path), NoticeText.Matrix(_host, notice), Token(channel.TokenFile!));
            case ChannelKind.Ntfy:
                var topic = address.Segments[^1].Trim('/');
                var root = new Uri(address.GetLeftPart(UriPartial.Authority) + string.Concat(address.Segments[..^1]));
                return Post(HttpMethod.Post, root, NoticeText.Ntfy(_host, notice, topic), channel.TokenFile is { } file ? Token(file) : null);
            default:
                var body = NoticeText.Webhook(_host, notice, number, at);
                var request = Post(HttpMethod.Post, address, body, null);
                if (channel.SecretFile is { } secret)
                {
                    request.Headers.Add("X-Reconciler-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret(secret)), body)));
                }

                return request;
        }
    }

    private static HttpRequestMessage Post(HttpMethod method, Uri address, byte[] body, string? token)
    {
        var request = OneWayHttp.Message(method, address, body);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }

    // An address that is a secret is read at each use, and never told.
    private static Uri Address(ChannelSettings channel)
    {
        if (channel.Url is { } written)
        {
            return written;
        }

        return Uri.TryCreate(Secret(channel.UrlFile!), UriKind.Absolute, out var address) && ChannelSettings.IsSafe(address)
            ? address
            : throw new ChannelTroubleException($"{channel.UrlFile} does not hold an https address in its first line");
    }

    private static string Secret(string file) =>
        SecretFile.TryReadLine(file, "file", out var secret, out var fault) ? secret : throw new ChannelTroubleException(fault);

    private static string Token(string file) => SecretFile.TryReadToken(file, out var token, out var fault) ? token : throw new ChannelTroubleException(fault);

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    [LoggerMessage(Level = LogLevel.Debug, Message = "Channel {Channel} answered {Status}")]
    private partial void LogSent(string channel, int status);
}
