using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace JaxSharp.Haiku;

/// <summary>Replaces parameters by what a module makes of each, but leaves those alone whose path begins with a match of a pattern.</summary>
internal static class ParamsTreeMap
{
    public static Hk.Params Map(Hk.Params tree, string ignoreRegex, Func<string, NDArray, NDArray> f)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var ignored = ignoreRegex.Length > 0 ? new Regex($"^(?:{ignoreRegex})") : null;
        var result = new Hk.Params();
        foreach (var (path, group) in tree)
        {
            var mapped = new OrderedDictionary<string, NDArray>();
            foreach (var (name, value) in group)
            {
                string key = $"{path}/{name}";
                mapped[name] = ignored?.IsMatch(key) == true ? value : f(key, value);
            }

            result[path] = mapped;
        }

        return result;
    }
}
