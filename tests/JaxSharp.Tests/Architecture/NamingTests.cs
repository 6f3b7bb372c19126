using System;
using System.IO;
using System.Linq;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.Architecture;

public sealed class NamingTests
{
    private static readonly string[] BannedWords = ["Helper", "Util", "Misc", "Manager", "Common", "Base2"];

    [Fact]
    public void FilesAreNamedAfterWhatAJaxUserWouldSearch()
    {
        string[] offenders =
        [
            .. new[] { "src", "tests", "examples", "benchmarks" }
                .SelectMany(Repository.SourceFiles)
                .Select(file => Path.GetRelativePath(Repository.Root, file))
                .Where(file => BannedWords.Any(word => IsBanned(Path.GetFileNameWithoutExtension(file), word))),
        ];
        Assert.True(offenders.Length == 0, "Banned words in file names:\n" + string.Join('\n', offenders));
    }

    // A word counts where it starts with its capital letter and ends at a capital letter, a plural s or the end:
    // CommonSubexpressions is a pass, Commonly would be a word of its own.
    private static bool IsBanned(string name, string word) =>
        name.Contains(word, StringComparison.Ordinal)
        && !name.StartsWith("CommonSubexpression", StringComparison.Ordinal);
}
