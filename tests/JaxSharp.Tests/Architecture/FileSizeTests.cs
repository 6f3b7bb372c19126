using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.Architecture;

/// <summary>Files have at most 500 lines; those in the list may have up to 800 until they are divided.</summary>
public sealed class FileSizeTests
{
    private const int Soft = 500;
    private const int Hard = 800;

    [Fact]
    public void FilesAreShort()
    {
        string listPath = Repository.PathOf("tests", "JaxSharp.Tests", "Architecture", "large-files.txt");
        HashSet<string> list = [.. File.ReadLines(listPath).Where(line => line.Length > 0 && !line.StartsWith('#'))];
        var problems = new List<string>();
        foreach (string path in new[] { "src", "tests", "examples", "benchmarks" }.SelectMany(Repository.SourceFiles))
        {
            string name = Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
            int lines = File.ReadLines(path).Count();
            if (lines > Hard)
            {
                problems.Add($"{name} has {lines} lines; no file may have more than {Hard}");
            }
            else if (lines > Soft && !list.Contains(name))
            {
                problems.Add($"{name} has {lines} lines; divide it, {Soft} are the limit");
            }
            else if (lines <= Soft && list.Contains(name))
            {
                problems.Add($"{name} is short: remove it from large-files.txt");
            }
        }

        problems.AddRange(
            list.Where(name => !File.Exists(Repository.PathOf(name)))
                .Select(name => $"{name} does not exist: remove it from large-files.txt")
        );
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }
}
