using System;

Console.WriteLine("JaxSharp: Grad, Jit and Vmap for .NET.");
