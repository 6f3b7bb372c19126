using System;
using System.Collections.Generic;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Makes and opens a scope that acts as a module of the given name: parameters are its own and modules stand below it, until the
    /// returned scope is disposed. A name with slashes makes one scope in another.
    /// </summary>
    /// <param name="name">The name; numbered when it was used before.</param>
    /// <param name="methodName">The method that is said to run: modules stand under its name unless it is <c>Call</c>.</param>
    /// <exception cref="ModuleException">The name begins with a slash or has a part that is no identifier.</exception>
    /// <example><code>
    /// using (hk.NameScope("encoder"))
    /// {
    ///     new hk.Linear(2).ModuleName; // => encoder/linear
    /// }
    /// </code></example>
    public static IDisposable NameScope(string name, string methodName = "Call")
    {
        ArgumentNullException.ThrowIfNull(name);
        var context = HaikuContext.Require("Hk.NameScope");
        string[] parts = name.Split('/');
        if (Array.Exists(parts, part => !Names.IsIdentifier(part)))
        {
            throw new ModuleException(
                $"Hk.NameScope(\"{name}\"): each part between slashes must be of letters, digits and underscores, no digit first, and the "
                    + "name must not begin with a slash: it is relative to the running module."
            );
        }

        var open = new Stack<HaikuContext.OpenScope>();
        for (int i = 0; i < parts.Length; i++)
        {
            string path = context.NewPath(parts[i]);
            open.Push(context.Enter(Scope.OfMethod(path, null, i + 1 < parts.Length ? "Call" : methodName)));
        }

        return new Ending(() =>
        {
            while (open.TryPop(out var scope))
            {
                scope.Dispose();
            }
        });
    }

    /// <summary>The path of the module whose method runs; <c>~</c> outside of modules.</summary>
    public static string CurrentName() => HaikuContext.Require("Hk.CurrentName").Path;
}
