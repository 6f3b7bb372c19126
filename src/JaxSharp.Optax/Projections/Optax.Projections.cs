using JaxSharp.Numpy;
using JaxTree = JaxSharp.Tree;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The nearest tree without negative elements.</summary>
    public static T ProjectionNonNegative<T>(T tree) => JaxTree.Map(Nn.Relu, tree);

    /// <summary>The nearest tree between two others.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="lower">The lower bounds, a tree of the same structure.</param>
    /// <param name="upper">The upper bounds, a tree of the same structure.</param>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T ProjectionBox<T>(T tree, T lower, T upper) =>
        JaxTree.Map((x, low, high) => Jnp.Clip(x, low, high), tree, lower, upper);

    /// <summary>The nearest tree with elements between 0 and a number.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="scale">The number; 1 by default.</param>
    public static T ProjectionHypercube<T>(T tree, Hyperparameter? scale = null) =>
        JaxTree.Map(x => Jnp.Clip(x, 0, scale ?? 1), tree);

    /// <summary>The nearest tree of positive elements with a given sum.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="scale">The sum; 1 by default.</param>
    /// <example><code>
    /// optax.ProjectionSimplex(jnp.Array([1f, 0.5f, -1f])); // => [0.75 0.25 0.  ]
    /// </code></example>
    public static T ProjectionSimplex<T>(T tree, Hyperparameter? scale = null)
    {
        var (values, unravel) = Jax.RavelPytree(tree);
        NDArray size = scale ?? 1;
        return unravel(size * UnitSimplex(values / size));
    }

    /// <summary>The nearest tree whose absolute values have a given sum.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="scale">The sum; 1 by default.</param>
    public static T ProjectionL1Sphere<T>(T tree, Hyperparameter? scale = null) =>
        Tree.Mul(
            JaxTree.Map(x => Jnp.Where(Jnp.Equal(x, 0), 1, Jnp.Sign(x)), tree),
            ProjectionSimplex(JaxTree.Map(Jnp.Abs, tree), scale)
        );

    /// <summary>The nearest tree whose absolute values have at most a given sum.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="scale">The sum; 1 by default.</param>
    public static T ProjectionL1Ball<T>(T tree, Hyperparameter? scale = null) =>
        Lax.Cond(Tree.Norm(tree, 1) <= (scale ?? 1), () => tree, () => ProjectionL1Sphere(tree, scale));

    /// <summary>The nearest tree of a given norm.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="scale">The norm; 1 by default.</param>
    public static T ProjectionL2Sphere<T>(T tree, Hyperparameter? scale = null) =>
        Tree.Scale((scale ?? 1) / Tree.Norm(tree), tree);

    /// <summary>The nearest tree of at most a given norm.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="scale">The norm; 1 by default.</param>
    public static T ProjectionL2Ball<T>(T tree, Hyperparameter? scale = null)
    {
        NDArray radius = scale ?? 1;
        var norm = Jnp.Sqrt(Jnp.Maximum(Tree.Norm(tree, squared: true), Jnp.Square(radius)));
        return Tree.Scale(radius / norm, tree);
    }

    /// <summary>The nearest tree whose elements have at most a given absolute value.</summary>
    /// <param name="tree">A tree.</param>
    /// <param name="scale">The absolute value; 1 by default.</param>
    public static T ProjectionLinfBall<T>(T tree, Hyperparameter? scale = null)
    {
        var radius = scale ?? 1;
        return ProjectionBox(tree, Tree.FullLike(tree, -radius), Tree.FullLike(tree, radius));
    }

    /// <summary>The nearest multiple of another tree.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T ProjectionVector<T>(T x, T a) => Tree.Scale(Tree.VDot(x, a) / Tree.VDot(a, a), a);

    /// <summary>The nearest tree y with ⟨a, y⟩ = b.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T ProjectionHyperplane<T>(T x, T a, NDArray b) =>
        Tree.AddScale(x, (b - Tree.VDot(x, a)) / Tree.VDot(a, a), a);

    /// <summary>The nearest tree y with ⟨a, y⟩ ≤ b.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T ProjectionHalfspace<T>(T x, T a, NDArray b) =>
        Tree.AddScale(x, Jnp.Clip((b - Tree.VDot(x, a)) / Tree.VDot(a, a), max: 0), a);

    // A sorted vector tells how many elements stay positive; the derivative needs only which ones.
    private static NDArray UnitSimplex(NDArray values) =>
        Jax.CustomJvp(
            (NDArray x) => NearestDistribution(x),
            (x, dx) =>
            {
                var nearest = NearestDistribution(x);
                var support = nearest > 0;
                var mean = Jnp.Dot(support, dx) / Jnp.CountNonzero(support);
                return (nearest, support * dx - mean * support);
            }
        )(values);

    private static NDArray NearestDistribution(NDArray values)
    {
        var sorted = Jnp.Flip(Jnp.Sort(values));
        var sums = Jnp.CumSum(sorted);
        var place = Jnp.Arange(values.Shape[0]) + 1;
        var count = Jnp.CountNonzero(1 / place + (sorted - sums / place) > 0);
        return Nn.Relu(1 / count + (values - sums[count - 1] / count));
    }
}
