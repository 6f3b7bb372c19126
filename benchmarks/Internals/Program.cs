using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using JaxSharp.Internals;

// dotnet run -c Release --project benchmarks/Internals -- --filter '*'
// In one process: a project that is generated for each benchmark would not see the internals.
var config = DefaultConfig
    .Instance.AddDiagnoser(MemoryDiagnoser.Default)
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Calls).Assembly).Run(args, config);
