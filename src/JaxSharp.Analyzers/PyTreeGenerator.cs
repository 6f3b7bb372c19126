using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace JaxSharp.Analyzers;

/// <summary>
/// Makes partial types marked with <c>[PyTree]</c> tree nodes: writes the code that takes them apart into members and puts them
/// together again, so that nothing is looked up at run time.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class PyTreeGenerator : IIncrementalGenerator
{
    private const string Attribute = "JaxSharp.PyTreeAttribute";

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var nodes = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute,
            static (node, _) => node is TypeDeclarationSyntax type && type.Modifiers.Any(m => m.ValueText == "partial"),
            static (target, cancellation) => Generate((INamedTypeSymbol)target.TargetSymbol, cancellation)
        );
        context.RegisterSourceOutput(
            nodes,
            static (output, generated) =>
            {
                if (generated is { } source)
                {
                    output.AddSource(source.Name, SourceText.From(source.Text, Encoding.UTF8));
                }
            }
        );
    }

    // The result is a pair of strings, so that the generator's steps are cached by value.
    private static (string Name, string Text)? Generate(INamedTypeSymbol type, CancellationToken cancellation)
    {
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (!IsPartial(outer, cancellation))
            {
                return null;
            }
        }

        var layout = TreeLayout.Of(type);
        return layout is null ? null : (FileName(type), new TreeNodeWriter(type, layout).Write());
    }

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax(cancellation) is TypeDeclarationSyntax syntax
            && syntax.Modifiers.Any(m => m.ValueText == "partial")
        );

    private static string FileName(INamedTypeSymbol type)
    {
        var name = new StringBuilder();
        foreach (char c in type.ToDisplayString())
        {
            name.Append(char.IsLetterOrDigit(c) || c == '.' ? c : '_');
        }

        return name.Append(".PyTree.g.cs").ToString();
    }
}

/// <summary>A member of a tree node.</summary>
internal sealed class TreeMember(string name, ITypeSymbol type, bool isStatic, bool isArgument)
{
    public string Name { get; } = name;

    public string Type { get; } =
        type.ToDisplayString(
            SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
                SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            )
        );

    /// <summary>Whether it belongs to the structure instead of holding arrays.</summary>
    public bool IsStatic { get; } = isStatic;

    /// <summary>Whether the constructor takes it; others are set afterwards.</summary>
    public bool IsArgument { get; } = isArgument;
}

/// <summary>How a type falls into members.</summary>
internal static class TreeLayout
{
    /// <summary>The arguments of the widest constructor that members match, then the other settable members; null if there is no way.</summary>
    public static List<TreeMember>? Of(INamedTypeSymbol type)
    {
        var members = Members(type);
        var constructor = type
            .InstanceConstructors.Where(c =>
                c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal && Matches(c, members)
            )
            .OrderByDescending(c => c.Parameters.Length)
            .FirstOrDefault();
        if (constructor is null)
        {
            return null;
        }

        var result = new List<TreeMember>();
        var taken = new HashSet<string>();
        foreach (var parameter in constructor.Parameters)
        {
            var member = Find(parameter, members)!;
            taken.Add(member.Name);
            result.Add(Make(member, isArgument: true, IsStatic(parameter)));
        }

        foreach (var member in members.Where(m => !taken.Contains(m.Name) && IsSettable(m)))
        {
            result.Add(Make(member, isArgument: false, alsoStatic: false));
        }

        return result;
    }

    private static TreeMember Make(ISymbol member, bool isArgument, bool alsoStatic) =>
        new(member.Name, TypeOf(member), alsoStatic || IsStatic(member), isArgument);

    private static List<ISymbol> Members(INamedTypeSymbol type)
    {
        var chain = new List<INamedTypeSymbol>();
        for (var t = type; t is not null && t.SpecialType == SpecialType.None; t = t.BaseType)
        {
            chain.Insert(0, t);
        }

        return
        [
            .. chain
                .SelectMany(t => t.GetMembers())
                .Where(m =>
                    !m.IsStatic
                    && !m.IsOverride
                    && m.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal
                    && (
                        m is IPropertySymbol { IsIndexer: false, GetMethod: not null }
                        || m is IFieldSymbol { IsImplicitlyDeclared: false }
                    )
                ),
        ];
    }

    private static bool Matches(IMethodSymbol constructor, List<ISymbol> members) =>
        constructor.Parameters.All(parameter => Find(parameter, members) is not null);

    private static ISymbol? Find(IParameterSymbol parameter, List<ISymbol> members) =>
        members.FirstOrDefault(m =>
            string.Equals(m.Name, parameter.Name, System.StringComparison.OrdinalIgnoreCase)
            && SymbolEqualityComparer.Default.Equals(TypeOf(m), parameter.Type)
        );

    private static ITypeSymbol TypeOf(ISymbol member) =>
        member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type;

    private static bool IsSettable(ISymbol member) =>
        member is IPropertySymbol { SetMethod: not null } or IFieldSymbol { IsReadOnly: false };

    private static bool IsStatic(ISymbol member) =>
        member.GetAttributes().Any(a => a.AttributeClass?.ToDisplayString() == "JaxSharp.StaticAttribute");
}

/// <summary>Writes the code of one tree node.</summary>
internal sealed class TreeNodeWriter(INamedTypeSymbol type, List<TreeMember> members)
{
    private readonly StringBuilder text = new();

    public string Write()
    {
        text.Append("// <auto-generated/>\n#nullable enable\n\n");
        if (!type.ContainingNamespace.IsGlobalNamespace)
        {
            text.Append($"namespace {type.ContainingNamespace.ToDisplayString()};\n\n");
        }

        var outer = new Stack<INamedTypeSymbol>();
        for (var t = type.ContainingType; t is not null; t = t.ContainingType)
        {
            outer.Push(t);
        }

        foreach (var t in outer)
        {
            text.Append(
                $"partial {Keyword(t)} {t.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat).Split('.').Last()}\n{{\n"
            );
        }

        string name = type.Name + Parameters();
        string node = $"global::JaxSharp.IPyTreeNode<{name}>";
        text.Append($"partial {Keyword(type)} {name} : {node}\n{{\n");
        string names = string.Join(", ", members.Select(m => $"\"{m.Name}\""));
        text.Append(
            $"    static global::System.Collections.Generic.IReadOnlyList<string> {node}.PyTreeMembers {{ get; }} = new string[] {{ {names} }};\n\n"
        );
        text.Append(
            $"    static void {node}.WritePyTree({name} value, global::JaxSharp.PyTreeWriter writer)\n    {{\n"
        );
        foreach (var member in members)
        {
            text.Append(
                $"        writer.{(member.IsStatic ? "WriteStatic" : "Write")}<{member.Type}>(value.@{member.Name});\n"
            );
        }

        text.Append("    }\n\n");
        text.Append($"    static {name} {node}.ReadPyTree(global::JaxSharp.PyTreeReader reader)\n    {{\n");
        for (int i = 0; i < members.Count; i++)
        {
            text.Append(
                $"        var m{i} = reader.{(members[i].IsStatic ? "ReadStatic" : "Read")}<{members[i].Type}>();\n"
            );
        }

        string arguments = string.Join(
            ", ",
            Enumerable.Range(0, members.Count).Where(i => members[i].IsArgument).Select(i => $"m{i}")
        );
        string settings = string.Join(
            ", ",
            Enumerable
                .Range(0, members.Count)
                .Where(i => !members[i].IsArgument)
                .Select(i => $"@{members[i].Name} = m{i}")
        );
        text.Append(
            $"        return new {name}({arguments}){(settings.Length > 0 ? $" {{ {settings} }}" : "")};\n    }}\n}}\n"
        );
        foreach (var _ in outer)
        {
            text.Append("}\n");
        }

        return text.ToString();
    }

    private string Parameters() =>
        type.TypeParameters.Length == 0 ? "" : $"<{string.Join(", ", type.TypeParameters.Select(p => p.Name))}>";

    private static string Keyword(INamedTypeSymbol type) =>
        (type.IsRecord, type.IsValueType) switch
        {
            (true, true) => "record struct",
            (true, false) => "record",
            (false, true) => "struct",
            _ => "class",
        };
}
