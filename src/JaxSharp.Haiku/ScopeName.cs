using System.Diagnostics.CodeAnalysis;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>The name that a module is given: one component of a path, or by <see cref="ForceName"/> a full path. Texts convert to it.</summary>
    public sealed class ScopeName
    {
        internal ScopeName(string value, bool isForced)
        {
            Value = value;
            IsForced = isForced;
        }

        internal string Value { get; }

        internal bool IsForced { get; }

        /// <summary>A name of one component; null for the name of the class.</summary>
        [return: NotNullIfNotNull(nameof(name))]
        public static implicit operator ScopeName?(string? name) =>
            name is null ? null : new ScopeName(name, isForced: false);

        /// <inheritdoc/>
        public override string ToString() => Value;
    }

    /// <summary>
    /// A name that becomes the whole path of a module, whatever module it is made in and whether or not the path is in use: two modules
    /// with the same forced name share their parameters.
    /// </summary>
    /// <example><code>new hk.Linear(3, name: hk.ForceName("shared/linear"))</code></example>
    public static ScopeName ForceName(string name) => new(name, isForced: true);
}
