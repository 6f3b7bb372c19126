using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Ir;

namespace JaxSharp.Execution;

/// <summary>A step of a program before its variables have memory.</summary>
internal sealed record Work(Executable Executable, Var[] Inputs, Var[] Outputs, Func<StepDescription> Describe);

/// <summary>
/// Gives the result of an update the memory of the array that it updates where nobody else reads that array, so that it is not
/// copied first.
/// </summary>
internal static class InPlaceUpdates
{
    /// <summary>The steps with one variable for array and result.</summary>
    /// <param name="work">The steps in order.</param>
    /// <param name="results">Variables that are results of the program.</param>
    public static Work[] Join(IReadOnlyList<Work> work, HashSet<Var> results)
    {
        if (!work.Any(w => w.Executable is IUpdatesInPlace))
        {
            return [.. work];
        }

        var written = new HashSet<Var>(work.SelectMany(w => w.Outputs));
        var readers = new Dictionary<Var, int>();
        foreach (var variable in work.SelectMany(w => w.Inputs))
        {
            readers[variable] = readers.GetValueOrDefault(variable) + 1;
        }

        // From the last to the first, so that the last result of a chain gives all of it its memory.
        var joined = new Dictionary<Var, Var>();
        foreach (var update in work.Reverse().Where(w => w.Executable is IUpdatesInPlace))
        {
            var (array, result) = (update.Inputs[0], update.Outputs[0]);
            if (written.Contains(array) && readers[array] == 1 && !results.Contains(array))
            {
                joined[array] = joined.GetValueOrDefault(result, result);
            }
        }

        return
        [
            .. work.Select(w =>
                w with
                {
                    Inputs = Array.ConvertAll(w.Inputs, v => joined.GetValueOrDefault(v, v)),
                    Outputs = Array.ConvertAll(w.Outputs, v => joined.GetValueOrDefault(v, v)),
                }
            ),
        ];
    }
}
