using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace JaxSharp.TestKit;

/// <summary>Finds files of the source tree from a running test.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>JaxSharp.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>C# files below a folder, without build outputs, in ordinal order.</summary>
    public static IReadOnlyList<string> SourceFiles(string folder)
    {
        string root = PathOf(folder);
        if (!Directory.Exists(root))
        {
            return [];
        }

        return
        [
            .. Directory
                .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(file => !Path.GetRelativePath(root, file).Split('/', '\\').Any(part => part is "bin" or "obj"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "JaxSharp.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("JaxSharp.slnx was not found above " + AppContext.BaseDirectory);
    }
}
