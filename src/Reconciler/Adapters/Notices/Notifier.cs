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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(6);
    private readonly HostName _host;
    private readonly Dictionary<string, ChannelSettings> _channels;
    private readonly TimeProvider _clock;
    private readonly ILogger<Notifier> _logger;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Makes it; nothing is sent yet.</summary>
    public Notifier(HostName host, IEnumerable<ChannelSettings> channels, TimeProvider clock, ILogger<Notifier> logger)
    {
        (_host, _clock, _logger) = (host, clock, logger);
        _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task<ForgeAnswer> SendAsync(ForgeMessage.Notice notice, long number, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!_channels.TryGetValue(notice.Channel, out var channel))
        {
            return new ForgeAnswer.Refused($"there is no channel '{notice.Channel}' in the configuration any more");
        }

        using var limit = new CancellationTokenSource(Patience, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Request(channel, notice, number, at);
            // What the answer says besides its head is not wanted: one that is too long, or breaks off, must not have people told again.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            LogSent(channel.Name, (int)response.StatusCode);
            return Answer(response);
        }
        catch (ChannelTroubleException e)
        {
            return new ForgeAnswer.Later(e.Message, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ForgeAnswer.Later($"it did not answer within {Patience.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s", null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ForgeAnswer.Later(BrokenConnection.WhyUnnamed(e), null);
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
        var request = new HttpRequestMessage(method, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.ParseAdd("reconciler");
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

    private ForgeAnswer Answer(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => new ForgeAnswer.Done(null, null),
        429 or 503 => new ForgeAnswer.Later($"it asks for a pause ({(int)response.StatusCode})", Asked(response)),
        401 or 403 or 404 or 410 => new ForgeAnswer.Later($"it answers {(int)response.StatusCode}: look at its address, and at the token or the secret", null),
        >= 300 and < 400 => new ForgeAnswer.Later($"it redirects ({(int)response.StatusCode}), which is not followed: write the address it leads to", null),
        >= 500 or 408 => new ForgeAnswer.Later($"it answers {(int)response.StatusCode}", null),
        var code => new ForgeAnswer.Refused($"it refuses the message with {code}"),
    };

    private DateTimeOffset? Asked(HttpResponseMessage response)
    {
        var now = _clock.GetUtcNow();
        var wait = response.Headers.RetryAfter switch { { Delta: { } delta } => delta, { Date: { } date } => date - now, _ => (TimeSpan?)null };
        return wait is { } asked ? now + TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestAsked.Ticks)) : null;
    }

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    [LoggerMessage(Level = LogLevel.Debug, Message = "Channel {Channel} answered {Status}")]
    private partial void LogSent(string channel, int status);
}
