using System.Net;

namespace FakeGitHub;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CommandLine(string Root, IPEndPoint Listen, IReadOnlyList<string> Repositories, string TokenFile)
{
    public const string Usage =
        "usage: FakeGitHub --listen 127.0.0.1:0 --root DIR --repository OWNER/NAME... --token-file FILE [--login NAME] [--webhook URL --secret-file FILE]";

    /// <summary>Who the token belongs to.</summary>
    public string Login { get; init; } = "octocat";

    public string? Webhook { get; init; }

    public string? SecretFile { get; init; }

    public static CommandLine? Read(string[] args, out string problem)
    {
        var given = new List<(string Name, string Value)>();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            given.Add((args[i], args[i + 1]));
        }

        string? Last(string name) => given.LastOrDefault(x => x.Name == name).Value;
        string[] known = ["--listen", "--root", "--repository", "--token-file", "--login", "--webhook", "--secret-file"];
        problem = args.Length % 2 == 1 ? "every option takes one value" : given.Select(x => x.Name).FirstOrDefault(x => !known.Contains(x)) is { } unknown ? $"unknown option {unknown}" : "";
        var listen = IPEndPoint.TryParse(Last("--listen") ?? "127.0.0.1:0", out var point) ? point : null;
        if (problem.Length == 0 && (listen is null || Last("--root") is null || Last("--token-file") is null || Last("--repository") is null))
        {
            problem = "--root, --repository and --token-file are needed, and --listen is ADDRESS:PORT";
        }

        return problem.Length > 0 ? null : new CommandLine(Last("--root")!, listen!, [.. given.Where(x => x.Name == "--repository").Select(x => x.Value)], Last("--token-file")!)
        {
            Login = Last("--login") ?? "octocat",
            Webhook = Last("--webhook"),
            SecretFile = Last("--secret-file"),
        };
    }

    /// <summary>Repositories, the token, the webhook.</summary>
    public async Task PrepareAsync(FakeGitHubServer server)
    {
        server.AddToken((await File.ReadAllTextAsync(TokenFile)).Trim(), Login);
        var secret = SecretFile is null ? null : (await File.ReadAllTextAsync(SecretFile)).Trim();
        foreach (var repository in Repositories.Select(x => server.AddRepository(x)))
        {
            if (Webhook is not null)
            {
                server.AddHook(repository, Webhook, secret, "push", "pull_request");
            }
        }
    }
}
