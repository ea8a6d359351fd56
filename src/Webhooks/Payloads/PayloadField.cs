namespace Webhooks.Payloads;

/// <summary>The few things read out of a body.</summary>
internal enum PayloadField
{
    Reference,
    Repository,
    Action,
    Number,
    OldRevision,
}
