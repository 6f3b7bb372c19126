using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using JaxSharp.Goldens;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.Programs;

/// <summary>Every recorded program is written in C#, except for those that wait for a function.</summary>
public sealed class CoverageTests
{
    // What is missing, and the programs that wait for it.
    private static readonly (string Missing, string[] Programs)[] Waiting =
    [
        (
            "linear algebra",
            [
                "apply/Lagrangian to accelerations",
                "apply/Newton's method with the hessian",
                "custom_linear_solve/gradient by transpose solve",
                "grad/cholesky logdet",
                "grad/eigh eigenvalues",
                "grad/slogdet and inv",
                "grad/solve",
                "vmap/cholesky",
                "vmap/inv det slogdet",
                "vmap/solve batched matrix",
                "vmap/solve batched right side",
                "vmap/triangular_solve",
            ]
        ),
        ("Fourier transforms", ["complex/grad through fft and abs", "vmap/fft"]),
        ("special functions", ["kinks/xlogy(x, 2) at 0"]),
        ("ordinary differential equations", ["apply/jax.experimental.ode.odeint and its gradient"]),
    ];

    [Fact]
    public void EveryProgramIsWrittenOrWaits()
    {
        string[] recorded =
        [
            .. GoldenCase
                .ReadFile(Repository.PathOf("tests", "goldens", "transforms.jsonl"))
                .Select(golden => golden.Id)
                .Where(id => !id.StartsWith("jaxpr/", StringComparison.Ordinal)),
        ];
        string[] written =
        [
            .. Repository
                .SourceFiles("tests/JaxSharp.Tests/Programs")
                .SelectMany(file => Regex.Matches(File.ReadAllText(file), "Check\\(\\s*\"([^\"]+)\""))
                .Select(match => match.Groups[1].Value),
        ];
        string[] waiting = [.. Waiting.SelectMany(entry => entry.Programs)];
        Assert.Empty(written.Except(recorded));
        Assert.Empty(written.Intersect(waiting));
        Assert.Empty(recorded.Except(written).Except(waiting));
    }
}
