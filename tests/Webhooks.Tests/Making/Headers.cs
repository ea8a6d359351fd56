using Microsoft.AspNetCore.Http;

namespace Webhooks.Tests.Making;

/// <summary>Headers as a server has them.</summary>
internal static class Headers
{
    public static IHeaderDictionary Of(params (string Name, string Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary.Append(name, value);
        }

        return dictionary;
    }
}
