using System.Globalization;
using Reconciler.Configuration;
using Reconciler.Model;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using ILogger = Serilog.ILogger;

namespace Reconciler.Composition;

/// <summary>The daemon's log: one line an event on standard error. The only file that names Serilog.</summary>
internal static class Logging
{
    /// <summary>Makes the loggers. Under systemd each line carries its priority, and the journal its time.</summary>
    public static SerilogLoggerFactory Create(LogThreshold threshold)
    {
        var isJournal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;
        ILogger logger = new LoggerConfiguration()
            .MinimumLevel.Is(LevelOf(threshold))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)

            // What keeps a server from starting is thrown, too, and told by whoever started it, without the stack.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .WriteTo.Console(new LineFormatter(isJournal), standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
        return new SerilogLoggerFactory(logger, dispose: true);
    }

    private static LogEventLevel LevelOf(LogThreshold threshold) => threshold switch
    {
        LogThreshold.Debug => LogEventLevel.Debug,
        LogThreshold.Information => LogEventLevel.Information,
        LogThreshold.Warning => LogEventLevel.Warning,
        _ => LogEventLevel.Error,
    };

    /// <summary>One event, one line: log text from outside cannot forge another.</summary>
    private sealed class LineFormatter(bool isJournal) : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            output.Write(isJournal
                ? $"<{PriorityOf(logEvent.Level)}>"
                : $"{logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {NameOf(logEvent.Level)} ");
            output.Write(OneLine(MessageOf(logEvent)));
            if (logEvent.Exception is { } exception)
            {
                output.Write(": ");
                output.Write(OneLine(exception.ToString()));
            }

            output.Write('\n');
        }

        // Strings in a message are shown as they are, without the quotes Serilog would put around them.
        private static string MessageOf(LogEvent logEvent)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            foreach (var token in logEvent.MessageTemplate.Tokens)
            {
                if (token is Serilog.Parsing.PropertyToken { PropertyName: var name } && logEvent.Properties.TryGetValue(name, out var value)
                    && value is ScalarValue { Value: string plain })
                {
                    text.Write(plain);
                }
                else
                {
                    token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
                }
            }

            return text.ToString();
        }

        private static string OneLine(string text) => string.Join(" | ", text.Split('\n').Select(line => Printable.Line(line, int.MaxValue, unseen: "", foldsSpace: false)));

        private static int PriorityOf(LogEventLevel level) => level switch
        {
            LogEventLevel.Fatal => 2,
            LogEventLevel.Error => 3,
            LogEventLevel.Warning => 4,
            LogEventLevel.Information => 6,
            _ => 7,
        };

        private static string NameOf(LogEventLevel level) => level switch
        {
            LogEventLevel.Fatal => "FATAL",
            LogEventLevel.Error => "ERROR",
            LogEventLevel.Warning => "warn ",
            LogEventLevel.Information => "info ",
            _ => "debug",
        };
    }
}
