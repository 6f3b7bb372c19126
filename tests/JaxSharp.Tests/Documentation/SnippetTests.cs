using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace JaxSharp.Tests.Documentation;

/// <summary>
/// The C# blocks of the Markdown files and the examples of the XML documentation compile, run, and have the values that their comments
/// <c>// => value</c> tell.
/// </summary>
public sealed class SnippetTests
{
    private static readonly Lazy<IReadOnlyList<Snippet>> All = new(() =>
        [.. Snippet.OfMarkdown(), .. Snippet.OfXmlComments()]
    );

    private static readonly Lazy<SnippetProgram> Program = new(() => new SnippetProgram(All.Value));

    public static TheoryData<string> Places => [.. All.Value.Select(snippet => snippet.ToString())];

    [Theory]
    [MemberData(nameof(Places))]
    public void RunsAndShowsWhatItSays(string place)
    {
        string problem = Program.Value.Check(All.Value.Single(snippet => snippet.ToString() == place));
        Assert.True(problem.Length == 0, problem);
    }

    [Theory]
    [InlineData("[0. 0.46]", "[0.         0.46211714]", true)]
    [InlineData("[0. 0.47]", "[0.         0.46211714]", false)]
    [InlineData("3", "3", true)]
    [InlineData("3", "4", false)]
    [InlineData("2 axes, but …", "2 axes, but got 3", true)]
    [InlineData("2 axes, and …", "2 axes, but got 3", false)]
    [InlineData("f32[3,4]", "f32[3,4]", true)]
    [InlineData("f32[3,4]", "f32[4,3]", false)]
    public void TextsAgree(string expected, string actual, bool agree) =>
        Assert.Equal(agree, SnippetProgram.Agree(expected, actual));
}
