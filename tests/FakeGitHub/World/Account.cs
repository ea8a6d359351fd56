namespace FakeGitHub.World;

/// <summary>A user, an organization, or the bot of an App. <paramref name="Type"/> is GitHub's word: <c>User</c>, <c>Organization</c>, <c>Bot</c>.</summary>
internal sealed record Account(long Id, string Login, string Type)
{
    public string Email => $"{Id}+{Login}@users.noreply.github.com";
}
