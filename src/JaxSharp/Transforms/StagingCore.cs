using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.Transforms
{
    /// <summary>Programs and types of functions of trees.</summary>
    internal static class StagingCore
    {
        public static ClosedJaxpr MakeJaxpr<TArguments, TResult>(
            Func<TArguments, TResult> function,
            string name,
            TArguments arguments
        )
        {
            var (jaxpr, constants, _) = Stage(function, name, arguments);
            return new ClosedJaxpr(jaxpr, constants);
        }

        public static TResult EvalShape<TArguments, TResult>(
            Func<TArguments, TResult> function,
            string name,
            TArguments arguments
        )
        {
            var (jaxpr, _, flat) = Stage(function, name, arguments);
            return flat.Restore([.. jaxpr.OutputTypes.Select(type => new AbstractArray(type))]);
        }

        private static (Jaxpr, NDArray[], TreeFunction<TArguments, TResult>) Stage<TArguments, TResult>(
            Func<TArguments, TResult> function,
            string name,
            TArguments arguments
        )
        {
            var leaves = TreeFunction<TArguments, TArguments>.Flatten(arguments, out var structure);
            var flat = new TreeFunction<TArguments, TResult>(function);
            var (jaxpr, constants) = Staging.Stage(
                flat.OnLeaves(structure),
                Array.ConvertAll(leaves, x => x.Type),
                name
            );
            return (jaxpr, constants, flat);
        }
    }
}

namespace JaxSharp
{
    /// <summary>A program and the arrays that its function captured; prints in JAX's notation.</summary>
    public sealed class ClosedJaxpr
    {
        private readonly Jaxpr jaxpr;
        private readonly NDArray[] constants;

        internal ClosedJaxpr(Jaxpr jaxpr, NDArray[] constants)
        {
            this.jaxpr = jaxpr;
            this.constants = constants;
        }

        internal Jaxpr Jaxpr => jaxpr;

        internal NDArray[] Constants => constants;

        /// <summary>Applies the program.</summary>
        /// <exception cref="JaxArgumentException">The number of arguments is wrong.</exception>
        public NDArray[] Evaluate(params NDArray[] arguments) =>
            arguments.Length == jaxpr.Inputs.Length
                ? Staging.Evaluate(jaxpr, constants, arguments)
                : throw new JaxArgumentException(
                    $"The program has {jaxpr.Inputs.Length} inputs; got {arguments.Length} arguments."
                );

        /// <inheritdoc/>
        public override string ToString() => jaxpr.ToString();
    }
}
