using Reconciler.Model;

namespace Reconciler.Ports;

/// <summary>Gives people word, by channels they have chosen: a chat, a telephone, a program of their own.</summary>
internal interface INotifier
{
    /// <summary>Sends one word. Trouble is an answer, never an exception; only cancellation is thrown.</summary>
    /// <param name="notice">What to say.</param>
    /// <param name="number">Names this message; the same when it is sent once more, so that it can be told apart from a new one.</param>
    /// <param name="at">When it came up.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<ForgeAnswer> SendAsync(ForgeMessage.Notice notice, long number, DateTimeOffset at, CancellationToken cancellationToken);
}
