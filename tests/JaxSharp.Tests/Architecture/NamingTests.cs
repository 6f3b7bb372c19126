using System;
using System.Linq;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.Architecture;

/// <summary>Files and types are named after what a JAX user would search for.</summary>
public sealed class NamingTests
{
    private static readonly string[] BannedWords = ["Helper", "Util", "Misc", "Manager", "Common", "Base2"];

    [Fact]
    public void NamesSaySomething()
    {
        string[] offenders =
        [
            .. new[] { "src", "tests", "examples", "benchmarks" }
                .SelectMany(Repository.SourceFiles)
                .Select(path => new SourceFile(Repository.Root, path))
                .SelectMany(file =>
                    file.Types.Append(System.IO.Path.GetFileNameWithoutExtension(file.FullPath))
                        .Where(IsBanned)
                        .Distinct()
                        .Select(name => $"{file.RelativePath}: {name}")
                ),
        ];
        Assert.True(offenders.Length == 0, "Banned words in names:\n" + string.Join('\n', offenders));
    }

    // Common subexpressions are the name of the thing.
    private static bool IsBanned(string name) =>
        Array.Exists(BannedWords, word => name.Contains(word, StringComparison.Ordinal))
        && !name.StartsWith("CommonSubexpression", StringComparison.Ordinal);
}
