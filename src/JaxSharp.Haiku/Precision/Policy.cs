using System;
using System.Linq;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class MixedPrecision
    {
        /// <summary>The element types that a module keeps its parameters in, computes in, and gives its results in.</summary>
        /// <param name="ParamDType">That of the parameters.</param>
        /// <param name="ComputeDType">That of the computation: parameters and inputs are converted to it.</param>
        /// <param name="OutputDType">That of the results.</param>
        /// <example><code>
        /// var policy = hk.MixedPrecision.Policy.Parse("params=float32,compute=bfloat16,output=float32");
        /// policy.ToString(); // => p=full,c=bf16,o=full
        /// </code></example>
        public sealed record Policy(DType ParamDType, DType ComputeDType, DType OutputDType)
        {
            /// <summary>
            /// Reads a policy: one type for all, <c>half</c>, or parts such as <c>params=float32,compute=bfloat16,output=float32</c>, short
            /// <c>p=f32,c=bf16,o=f32</c>. What is computed in is by default what is kept, and results are what is computed in. <c>full</c> is
            /// float32, <c>half</c> float16.
            /// </summary>
            /// <exception cref="JaxArgumentException">The text is no policy.</exception>
            public static Policy Parse(string text)
            {
                ArgumentNullException.ThrowIfNull(text);
                if (!text.Contains('=', StringComparison.Ordinal))
                {
                    var all = ParseDType(text, text);
                    return new Policy(all, all, all);
                }

                DType parameters = DType.F32;
                DType? compute = null;
                DType? output = null;
                foreach (
                    string[] part in text.Split(',').Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
                )
                {
                    var dtype = ParseDType(part[^1], text);
                    switch (part[0])
                    {
                        case "p" or "params":
                            parameters = dtype;
                            break;
                        case "c" or "compute":
                            compute = dtype;
                            break;
                        case "o" or "output":
                            output = dtype;
                            break;
                        default:
                            throw new JaxArgumentException(
                                $"Policy.Parse(\"{text}\"): '{part[0]}' is no part of a policy. Parts are params, compute and output."
                            );
                    }
                }

                return new Policy(parameters, compute ?? parameters, output ?? compute ?? parameters);
            }

            /// <summary>Converts the floats of a tree to the type of the parameters.</summary>
            public T CastToParam<T>(T tree) => Cast(tree, ParamDType);

            /// <summary>Converts the floats of a tree to the type of the computation.</summary>
            public T CastToCompute<T>(T tree) => Cast(tree, ComputeDType);

            /// <summary>Converts the floats of a tree to the type of the results.</summary>
            public T CastToOutput<T>(T tree) => Cast(tree, OutputDType);

            /// <summary>The policy in short: <c>p=full,c=bf16,o=full</c>.</summary>
            public override string ToString() =>
                $"p={Short(ParamDType)},c={Short(ComputeDType)},o={Short(OutputDType)}";

            private static T Cast<T>(T tree, DType dtype)
            {
                var leaves = TreeFunction<T, T>.Flatten(tree, out var structure);
                return TreeFunction<T, T>.Unflatten(
                    structure,
                    Array.ConvertAll(
                        leaves,
                        x => x.DType.IsFloating && x.DType != dtype ? Numpy.Jnp.AsArray(x, dtype) : x
                    )
                );
            }

            private static DType ParseDType(string name, string policy) =>
                name.Trim() switch
                {
                    "full" => DType.F32,
                    "half" => DType.F16,
                    var other => DType.Parse(other) is { IsFloating: true } dtype
                        ? dtype
                        : throw new JaxArgumentException(
                            $"Policy.Parse(\"{policy}\"): '{other}' is no type of floats. Use full, half, float16, bfloat16, float32 or float64."
                        ),
                };

            private static string Short(DType dtype) => dtype == DType.F32 ? "full" : dtype.Name;
        }
    }
}
