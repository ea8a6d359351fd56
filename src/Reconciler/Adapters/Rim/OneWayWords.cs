namespace Reconciler.Adapters.Rim;

/// <summary>How a message that is sent one way is spoken of.</summary>
/// <param name="What">What it is, such as <c>the trace</c>.</param>
/// <param name="LookAt">What a person looks at who is to mend that it is not let in.</param>
/// <param name="Why">Cause and cure of a connection that broke.</param>
/// <param name="Heard">Hears the status of the answer.</param>
/// <param name="Rejection">Reads from the beginning of a good answer why the message is refused all the same; null when nothing there is looked for.</param>
internal sealed record OneWayWords(string What, string LookAt, Func<Exception, string> Why, Action<int> Heard, Func<ReadOnlyMemory<byte>, string?>? Rejection = null);
