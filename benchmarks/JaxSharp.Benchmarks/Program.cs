using System;

Console.WriteLine("JaxSharp benchmarks");
