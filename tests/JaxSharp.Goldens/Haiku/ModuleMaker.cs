using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using JaxSharp.Haiku;

namespace JaxSharp.Goldens;

/// <summary>Makes the modules and initialisers of a case. Modules are made inside of a transformed function.</summary>
internal static class ModuleMaker
{
    private static readonly ConditionalWeakTable<ModuleValue, MethodBase> Choices = [];

    public static object Make(ModuleValue value, ArgumentConverter converter)
    {
        MethodBase maker = Choices.GetValue(value, Choose);
        return Invocation.TryBind(maker, value.Arguments, value.Keywords, converter)!.Invoke(null)!;
    }

    public static object Make(InitializerValue value, ArgumentConverter converter)
    {
        IEnumerable<Invocation> bound = ModuleTable
            .Makers(value.Name)
            .Select(maker => Invocation.TryBind(maker, value.Arguments, value.Keywords, converter))
            .OfType<Invocation>()
            .OrderBy(invocation => invocation.Cost);
        return bound.FirstOrDefault()?.Invoke(null)
            ?? throw new JaxArgumentException(
                $"no overload of {value.Name} takes {Show(value.Arguments, value.Keywords)}"
            );
    }

    public static string Show(
        IEnumerable<GoldenValue> arguments,
        IEnumerable<KeyValuePair<string, GoldenValue>> keywords
    ) =>
        $"({string.Join(", ", arguments.Select(argument => argument.ToString()).Concat(keywords.Select(keyword => $"{keyword.Key}={keyword.Value}")))})";

    // Arguments can be modules, and every module made takes a name. So each way is tried in a transformed function of its own.
    private static MethodBase Choose(ModuleValue value)
    {
        MethodBase[] fitting =
        [
            .. ModuleTable
                .Makers(value.Name)
                .Select(maker => (Maker: maker, Cost: CostOf(maker, value)))
                .Where(candidate => candidate.Cost is not null)
                .OrderBy(candidate => candidate.Cost)
                .Select(candidate => candidate.Maker),
        ];
        return fitting.FirstOrDefault()
            ?? throw new JaxArgumentException(
                $"no overload of {value.Name} takes {Show(value.Arguments, value.Keywords)}"
            );
    }

    private static int? CostOf(MethodBase maker, ModuleValue value)
    {
        int? cost = null;
        Hk.TransformWithState(() =>
            {
                var converter = new ArgumentConverter(strict: false);
                cost = Invocation.TryBind(maker, value.Arguments, value.Keywords, converter)?.Cost;
                return 0;
            })
            .Init(0);
        return cost;
    }
}
