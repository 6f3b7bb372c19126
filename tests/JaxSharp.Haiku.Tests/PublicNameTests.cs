using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;
using hk = JaxSharp.Haiku.Hk;

namespace JaxSharp.Haiku.Tests;

/// <summary>Every public name of Haiku is one of <c>Hk</c>, or stands here with the reason.</summary>
public sealed class PublicNameTests
{
    private const string Older = "experimental.";

    /// <summary>Names of Haiku that are written otherwise.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["GetterContext"] = "ParamContext",
        ["SetterContext"] = "ParamContext",
        ["experimental.ParamContext"] = "ParamContext",
        ["initializers.Initializer"] = "Initializer",
        ["MutableParams"] = "Params",
        ["MutableState"] = "State",
        ["transparent"] = "TransparentAttribute",
    };

    /// <summary>Names of Haiku that have no counterpart.</summary>
    private static readonly Dictionary<string, string> Absent = new()
    {
        ["ModuleProtocol"] = "a protocol of Python's type checkers; modules derive from Hk.Module",
        ["SupportsCall"] = "a protocol of Python's type checkers; functions are delegates",
        ["name_like"] = "a decorator; the parameter nameLike of Module.Method",
        ["experimental.flax.flatten_flax_to_haiku"] = "there is no Flax for .NET",
        ["experimental.flax.lift"] = "there is no Flax for .NET",
        ["experimental.flax.Module"] = "there is no Flax for .NET",
        ["experimental.jaxpr_info.js"] = "the pages fold without a script",
    };

    [Fact]
    public void EveryNameOfHaikuExists()
    {
        string[] missing =
        [
            .. Names()
                .Where(name => !Exists(name))
                .Select(Newest)
                .Where(name => !Exists(Elsewhere.GetValueOrDefault(name, name)) && !Absent.ContainsKey(name)),
        ];
        Assert.Empty(missing);
    }

    [Fact]
    public void ExceptionsAreNamesOfHaikuThatDoNotExist()
    {
        string[] exceptions = [.. Elsewhere.Keys, .. Absent.Keys];
        string[] needless = [.. exceptions.Where(Exists)];
        Assert.Empty(needless);
        Assert.Empty(exceptions.Except(Names()));
    }

    // Names that have left hk.experimental stay there, too, in Haiku.
    private static string Newest(string name) =>
        name.StartsWith(Older, StringComparison.Ordinal) && Names().Contains(name[Older.Length..])
            ? name[Older.Length..]
            : name;

    private static bool Exists(string name)
    {
        Type[] types = [typeof(hk)];
        foreach (string part in name.Split('.'))
        {
            MemberInfo[] members =
            [
                .. types.SelectMany(type => type.GetMembers()).Where(member => Plain(member.Name) == Plain(part)),
            ];
            if (members.Length == 0)
            {
                return false;
            }

            types = [.. members.OfType<Type>()];
        }

        return true;
    }

    private static string Plain(string name) =>
        name.Split('`')[0].Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string[] Names()
    {
        using var stream = typeof(PublicNameTests).Assembly.GetManifestResourceStream("HaikuNames.txt")!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line[0] != '#')
                .Select(line => line.Trim()),
        ];
    }
}
