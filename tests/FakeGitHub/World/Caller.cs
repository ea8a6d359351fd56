namespace FakeGitHub.World;

/// <summary>Who sent a request.</summary>
internal abstract record Caller
{
    private Caller()
    {
    }

    /// <summary>Nobody in particular.</summary>
    public sealed record Anonymous : Caller;

    /// <summary>Somebody with a personal or an installation token.</summary>
    public sealed record WithToken(AccessToken Means) : Caller;

    /// <summary>An App, by a JSON web token it signed.</summary>
    public sealed record AsApp(App App) : Caller;

    public AccessToken? Token => (this as WithToken)?.Means;

    public App? ViaApp => Token?.Installation?.App;

    /// <summary>One word for the request log; never the secret.</summary>
    public string Kind => this switch
    {
        Anonymous => "none",
        AsApp => "app",
        WithToken { Means.Installation: not null } => "installation",
        _ => "token",
    };

    /// <summary>Whose rate limit it uses.</summary>
    public string LimitKey => this switch
    {
        AsApp app => $"app {app.App.Id}",
        WithToken { Means.Installation: { } installation } => $"installation {installation.Id}",
        WithToken token => $"user {token.Means.Account.Id}",
        _ => "anonymous",
    };
}
