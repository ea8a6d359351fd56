using SharpFuzz;
using Webhooks;
using Webhooks.Providers;

// The first two bytes choose the sender, the event and the content type; the rest is the body.
string[] events = ["push", "pull_request", "merge_request", "tag_push", "ping"];
string[] contentTypes = ["application/json", "application/x-www-form-urlencoded"];
var forges = Enum.GetValues<WebhookProvider>().Select(provider => Forge.Of(provider, TimeSpan.FromMinutes(5))).ToArray();

Fuzzer.OutOfProcess.Run(stream =>
{
    using var copy = new MemoryStream();
    stream.CopyTo(copy);
    if (copy.Length < 2)
    {
        return;
    }

    var input = copy.GetBuffer().AsSpan(0, (int)copy.Length);
    var forge = forges[input[0] % forges.Length];
    forge.Read(events[input[0] / forges.Length % events.Length], contentTypes[input[1] % contentTypes.Length], input[2..]);
});
