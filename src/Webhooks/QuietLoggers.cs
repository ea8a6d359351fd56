using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Webhooks;

/// <summary>
/// Passes on what the server says from warnings upwards, each kind once a minute: what it says below, such as a line for every malformed request,
/// and warnings, such as one for every connection too many, are an attacker's to multiply. Its owner's loggers are not disposed with the server.
/// </summary>
public sealed class QuietLoggers(ILoggerFactory inner, TimeProvider clock) : ILoggerFactory
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Quiet(inner.CreateLogger(categoryName), clock);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // The events are those of the server's code, so the table cannot grow.
    private sealed class Quiet(ILogger inner, TimeProvider clock) : ILogger
    {
        private readonly ConcurrentDictionary<EventId, OncePerMinute> _paces = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && _paces.GetOrAdd(eventId, _ => new OncePerMinute(clock)).MayTell(out _))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
