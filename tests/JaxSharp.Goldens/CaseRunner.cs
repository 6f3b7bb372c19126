using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Goldens.Programs;

namespace JaxSharp.Goldens;

/// <summary>Runs one case on the calling thread: the value, the refusal, and the same call under the transformations.</summary>
public static class CaseRunner
{
    public static CaseResult Run(GoldenCase golden)
    {
        using JaxConfig.Scope scope = JaxConfig.X64(golden.X64);
        JaxConfig.LegacyRandomBits = golden.Legacy;
        if (golden.Function is not string function)
        {
            return Optax.OptaxCases.Run(golden, Guard) ?? RunProgram(golden);
        }

        if (golden.Module is not null || golden.Initializer is not null)
        {
            return ModuleCases.Run(golden, function);
        }

        IReadOnlyList<CallCandidate> candidates = Callable.Resolve(golden);
        if (candidates.Count == 0)
        {
            return new CaseResult(golden.Id, function, CaseStatus.NotImplemented);
        }

        string? reason = Guard(() =>
            golden.Error is null ? CheckValue(golden, candidates) : CheckRefusal(golden, candidates)
        );
        return new CaseResult(
            golden.Id,
            function,
            reason is null ? CaseStatus.Passed : CaseStatus.Failed,
            reason ?? ""
        );
    }

    private static CaseResult RunProgram(GoldenCase golden)
    {
        if (golden.Source is null)
        {
            return new CaseResult(golden.Id, "", CaseStatus.Program);
        }

        try
        {
            string? reason = Guard(() =>
                golden.Error is not null
                    ? CheckProgramRefusal(golden)
                    : OutputComparison.Difference(
                        Interpreter.RunMain(golden.Source, [.. golden.Arguments.Select(Library.FromGolden)]),
                        golden.Output,
                        golden.Tolerance,
                        exact: false
                    )
            );
            return new CaseResult(golden.Id, "", reason is null ? CaseStatus.Passed : CaseStatus.Failed, reason ?? "");
        }
        catch (UnsupportedProgramException error)
        {
            return new CaseResult(golden.Id, "", CaseStatus.Program, error.Message);
        }
    }

    private static string? CheckProgramRefusal(GoldenCase golden)
    {
        try
        {
            Interpreter.RunStatements(golden.Source!);
        }
        catch (JaxException error) when (error is not InternalException)
        {
            return null;
        }

        return $"no refusal: {golden.Error}: {golden.Message}";
    }

    internal static string? Guard(Func<string?> check)
    {
        try
        {
            return check();
        }
        catch (InternalException error)
        {
            return "internal: " + Describe(error);
        }
        catch (JaxException error)
        {
            return Describe(error);
        }
        catch (Exception error) when (error is not (UnsupportedProgramException or Optax.MissingFunctionException))
        {
            string where = error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("JaxSharp.")) ?? "";
            return $"crash: {Describe(error)} {where.Trim()}";
        }
    }

    private static string Describe(Exception error) =>
        $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";

    private static string? CheckRefusal(GoldenCase golden, IReadOnlyList<CallCandidate> candidates)
    {
        (CallCandidate Candidate, BoundCall Call)[] bound = Bind(golden, candidates);
        if (bound.Length == 0)
        {
            return null; // C#'s types refuse the call.
        }

        try
        {
            object? result = bound[0].Call.Invoke();
            foreach (NDArray array in OutputComparison.Flatten(result) ?? [])
            {
                ArrayBridge.ToValue(array);
            }
        }
        catch (JaxException error) when (error is not InternalException)
        {
            return null;
        }

        return $"no refusal: {golden.Error}: {golden.Message}";
    }

    private static string? CheckValue(GoldenCase golden, IReadOnlyList<CallCandidate> candidates)
    {
        (CallCandidate Candidate, BoundCall Call)[] bound = Bind(golden, candidates);
        if (bound.Length == 0)
        {
            return Refusal(candidates)
                + "no overload takes ("
                + string.Join(
                    ", ",
                    golden
                        .Arguments.Select(argument => argument.ToString())
                        .Concat(golden.Keywords.Select(keyword => $"{keyword.Key}={keyword.Value}"))
                )
                + ")";
        }

        string? firstReason = null;
        foreach ((CallCandidate candidate, BoundCall call) in bound)
        {
            string? reason = Guard(() =>
                OutputComparison.Difference(call.Invoke(), golden.Output, golden.Tolerance, golden.Exact)
            );
            if (reason is null)
            {
                return TransformChecks.Run(golden, candidate);
            }

            firstReason ??= reason;
        }

        return firstReason;
    }

    private static string Refusal(IReadOnlyList<CallCandidate> candidates)
    {
        var converter = new ArgumentConverter(strict: false);
        foreach (CallCandidate candidate in candidates)
        {
            candidate(converter);
        }

        return converter.Refusal is null ? "" : Describe(converter.Refusal) + "; ";
    }

    private static (CallCandidate Candidate, BoundCall Call)[] Bind(
        GoldenCase golden,
        IReadOnlyList<CallCandidate> candidates
    ) =>
        [
            .. candidates
                .Select(candidate =>
                    (
                        Candidate: candidate,
                        Call: Try(candidate, new ArgumentConverter(strict: golden.Error is not null))
                    )
                )
                .Where(pair => pair.Call is not null)
                .OrderBy(pair => pair.Call!.Cost)
                .Select(pair => (pair.Candidate, pair.Call!)),
        ];

    // A number that its type refuses (an implicit conversion throws) is the answer of this overload; another may take it.
    private static BoundCall? Try(CallCandidate candidate, ArgumentConverter converter)
    {
        try
        {
            return candidate(converter);
        }
        catch (JaxException error)
        {
            return new BoundCall(() => throw error, int.MaxValue);
        }
    }
}
