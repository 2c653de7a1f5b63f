"""The words that say nothing of what a page is about, without accents, by language."""

FRENCH = frozenset(
    """
    a afin ai aie aient aies aimerais aimerions ainsi alors apres as assez au aucun aucune
    aupres aura auraient aurais aurait aussi autre autres aux auxquelles auxquels avaient avais
    avait avant avec avez avoir avons ayant beaucoup bien c ca car ce ceci cela celle celles
    celui cependant certain certaine certaines certains ces cest cet cette ceux chaque cherche
    chercher cherchons chez chose choses ci combien comme comment d dans de dela des desormais
    desquels devait devoir devons devrait dit dois doit doivent donc dont du duquel durant e
    elle elles en encore entre envers es est et etaient etais etait etant etes etre eu eux
    exactement existe existent faire fais faisons fait faites fasse faudrait faut font furent
    fut hors ici il ils j je jusque l la laquelle le lequel les lesquelles lesquels leur leurs
    lors lorsque lui m ma mais malgre me meme memes mes mien mienne miens mieux moi moins mon n
    ne ni nos notre nous nouveau on ont or ou par parce parfois parmi pas pendant peu peut
    peuvent peux plus plusieurs plutot possible possibles pour pourquoi pourra pourrais pourrait
    pourrions pouvez pouvoir pouvons pres puis puisque qu quand quant que quel quelle quelles
    quelque quelques quels qui quiconque quoi quoique rien s sa sans sauf savoir se selon sera
    serait seront sert servent ses si sien sienne siens soi soient sois soit sommes son sont
    souhaite souhaiterais souhaiterions souhaitons sous souvent suis sur surtout t ta tandis
    tant te tel telle telles tels tes tien toi ton toujours tous tout toute toutes tres trop
    trouve trouver trouvons tu un une va vais vas vers veulent veut veux voici voila voir vont
    vos votre voudrais voudrions voulez vous vu y
    celleux ceulles elleux iel iels tou toustes touz
    """.split()
)
ENGLISH = frozenset(
    """
    a about after all also am an and any are as at be because been being but by can could did do does
    for from had has have having he her hers him his how i if in into is it its just me more most my
    no nor not of off on or our out over own same she should so some such than that the their them
    then there these they this those through to too under until up very was we were what when where
    which while who whom why will with would you your
    """.split()
)
BY_LANGUAGE = {"fr": FRENCH, "en": ENGLISH}
