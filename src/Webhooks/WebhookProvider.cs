namespace Webhooks;

/// <summary>Who sends. Exactly the configured one is understood.</summary>
public enum WebhookProvider
{
    /// <summary>GitHub and GitHub Enterprise: <c>X-Hub-Signature-256</c>.</summary>
    GitHub,

    /// <summary>Forgejo and Gitea: <c>X-Forgejo-Signature</c> or <c>X-Gitea-Signature</c>.</summary>
    Forgejo,

    /// <summary>GitLab: a signing token (<c>webhook-signature</c>) or the plain secret token (<c>X-Gitlab-Token</c>).</summary>
    GitLab,

    /// <summary>Any program that can compute HMAC-SHA-256: <c>X-Reconciler-Signature-256</c>.</summary>
    Generic,
}
