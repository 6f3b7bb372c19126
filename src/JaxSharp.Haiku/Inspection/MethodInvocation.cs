using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Experimental
    {
        /// <summary>Shape and element type of an array; prints as <c>f32[2,3]</c>.</summary>
        /// <param name="Shape">The shape.</param>
        /// <param name="DType">The element type.</param>
        public sealed record ArraySpec(Shape Shape, DType DType)
        {
            /// <summary>The number of elements.</summary>
            public long Size => Shape.Size;

            /// <summary>That of an array.</summary>
            public static ArraySpec FromArray(NDArray array)
            {
                System.ArgumentNullException.ThrowIfNull(array);
                return new(array.Shape, array.DType);
            }

            /// <inheritdoc/>
            public override string ToString() => $"{DType.Name}[{string.Join(",", Shape)}]";
        }

        /// <summary>A module whose method runs, and its parameters and states.</summary>
        /// <param name="Module">The module.</param>
        /// <param name="MethodName">The name of the method as the class declares it.</param>
        /// <param name="Params">The parameters by path and name, as <see cref="Module.ParamsDict"/> gives them.</param>
        /// <param name="State">The states by path and name.</param>
        public sealed record ModuleDetails(
            Module Module,
            string MethodName,
            IReadOnlyDictionary<string, ArraySpec> Params,
            IReadOnlyDictionary<string, object?> State
        )
        {
            internal static ModuleDetails Of(Module module, string methodName) =>
                new(
                    module,
                    methodName,
                    module.ParamsDict().ToDictionary(entry => entry.Key, entry => ArraySpec.FromArray(entry.Value)),
                    module.StateDict().ToDictionary(entry => entry.Key, entry => Specs.Of(entry.Value))
                );
        }

        /// <summary>One call of a method of a module.</summary>
        /// <param name="ModuleDetails">The module and its method.</param>
        /// <param name="ArgsSpec">The arguments, with an <see cref="ArraySpec"/> in the place of each array.</param>
        /// <param name="OutputSpec">The result, with an <see cref="ArraySpec"/> in the place of each array.</param>
        /// <param name="Context">What interceptors are told.</param>
        /// <param name="CallStack">The modules whose methods run, from the called one outwards.</param>
        public sealed record MethodInvocation(
            ModuleDetails ModuleDetails,
            IReadOnlyList<object?> ArgsSpec,
            object? OutputSpec,
            MethodContext Context,
            IReadOnlyList<ModuleDetails> CallStack
        );
    }
}
