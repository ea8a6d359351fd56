using System.Net;

namespace FakeGitHub;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CommandLine(string Root, IPEndPoint Listen, IReadOnlyList<string> Repositories, string TokenFile)
{
    public const string Usage =
        "usage: FakeGitHub --listen 127.0.0.1:0 --root DIR --repository OWNER/NAME... --token-file FILE [--login NAME] [--person NAME=FILE]... [--webhook URL --secret-file FILE]";

    /// <summary>Who the token belongs to.</summary>
    public string Login { get; init; } = "octocat";

    /// <summary>Other people and the files with their tokens.</summary>
    public IReadOnlyList<(string Login, string TokenFile)> People { get; init; } = [];

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
        string[] known = ["--listen", "--root", "--repository", "--token-file", "--login", "--person", "--webhook", "--secret-file"];
        problem = args.Length % 2 == 1 ? "every option takes one value" : given.Select(x => x.Name).FirstOrDefault(x => !known.Contains(x)) is { } unknown ? $"unknown option {unknown}" : "";
        if (problem.Length == 0 && given.Any(x => x.Name == "--person" && !x.Value.Contains('=', StringComparison.Ordinal)))
        {
            problem = "--person is NAME=FILE";
        }

        var listen = IPEndPoint.TryParse(Last("--listen") ?? "127.0.0.1:0", out var point) ? point : null;
        if (problem.Length == 0 && (listen is null || Last("--root") is null || Last("--token-file") is null || Last("--repository") is null))
        {
            problem = "--root, --repository and --token-file are needed, and --listen is ADDRESS:PORT";
        }

        return problem.Length > 0 ? null : new CommandLine(Last("--root")!, listen!, [.. given.Where(x => x.Name == "--repository").Select(x => x.Value)], Last("--token-file")!)
        {
            Login = Last("--login") ?? "octocat",
            People = [.. given.Where(x => x.Name == "--person").Select(x => x.Value.Split('=', 2)).Select(x => (x[0], x[1]))],
            Webhook = Last("--webhook"),
            SecretFile = Last("--secret-file"),
        };
    }

    /// <summary>Repositories, the tokens, the webhook.</summary>
    public async Task PrepareAsync(FakeGitHubServer server)
    {
        foreach (var (login, file) in People.Prepend((Login, TokenFile)))
        {
            server.AddToken((await File.ReadAllTextAsync(file)).Trim(), login);
        }

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
